package dev.perennial.credentials;

import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.event.EventPublisher;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at the outbox of one shard: a version that was written and not published, because the
 * process that wrote it died in between, is published by the shard's owner. Thread-safe.
 */
public final class OutboxRound {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxRound.class);

  private final CredentialStore store;
  private final EventPublisher publisher;
  private final Duration olderThan;

  /**
   * @param olderThan younger versions are left to whoever wrote them
   */
  public OutboxRound(CredentialStore store, EventPublisher publisher, Duration olderThan) {
    this.store = store;
    this.publisher = publisher;
    this.olderThan = olderThan;
  }

  /**
   * Publishes what was left behind in the shard.
   *
   * @return how many versions it published
   * @throws dev.perennial.domain.UnavailableException where Redis or Kafka does not answer
   */
  public int run(int shard) {
    int published = 0;
    for (CredentialState state : store.unpublished(shard, olderThan)) {
      published += publish(state) ? 1 : 0;
    }
    return published;
  }

  /** One that cannot be said does not hold up the others. */
  private boolean publish(CredentialState state) {
    try {
      publisher.publish(new CredentialUpdated(state));
    } catch (IllegalArgumentException e) {
      LOG.error("{} version {} cannot be published", state.key(), state.version(), e);
      return false;
    }
    store.published(state.key(), state.grant(), state.version());
    LOG.info("published {} version {} for a writer that did not", state.key(), state.version());
    return true;
  }
}
