package dev.perennial.credentials;

import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.event.EventPublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Map<Integer, Instant> oldest = new ConcurrentHashMap<>();

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
    List<CredentialState> left = store.unpublished(shard, olderThan);
    note(shard, left);
    int published = 0;
    for (CredentialState state : left) {
      published += publish(state) ? 1 : 0;
    }
    return published;
  }

  private void note(int shard, List<CredentialState> left) {
    Optional<Instant> since =
        left.stream().map(CredentialState::changedAt).min(Comparator.naturalOrder());
    since.ifPresentOrElse(at -> oldest.put(shard, at), () -> oldest.remove(shard));
  }

  /** Since when the oldest version in the shard's outbox waits, as of the last look. */
  public Optional<Instant> oldest(int shard) {
    return Optional.ofNullable(oldest.get(shard));
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
