package dev.perennial.credentials;

import dev.perennial.credentials.RedisShards.Warned;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.event.EventPublisher;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at the ends of the grants of one shard: where only a new consent will help soon, the
 * shard's owner says so, once for each lead time. What it cannot publish stays in the outbox.
 * Thread-safe.
 */
final class WarningRound {
  private static final Logger LOG = LoggerFactory.getLogger(WarningRound.class);

  /** Held against the time that one script takes of Redis. */
  private static final int MOST = 100;

  private final RedisShards shards;
  private final CredentialStore store;
  private final EventPublisher publisher;
  private final Duration delivery;
  private final List<Duration> leads;

  /**
   * @param delivery how long a publication may be on its way
   * @param leads how long before an end to warn of it, in any order; empty = never
   */
  WarningRound(
      RedisShards shards,
      CredentialStore store,
      EventPublisher publisher,
      Duration delivery,
      List<Duration> leads) {
    this.shards = shards;
    this.store = store;
    this.publisher = publisher;
    this.delivery = delivery;
    this.leads = leads.stream().distinct().sorted().toList();
  }

  /** Before the first look, and where somebody else may have looked since the last one. */
  void start(int shard) {
    if (!leads.isEmpty()) {
      shards.leads(shard, leads);
    }
  }

  /**
   * Warns of what ends within a lead time.
   *
   * @return whether there may be more to look at
   * @throws dev.perennial.domain.UnavailableException where Redis or Kafka does not answer
   */
  boolean run(int shard) {
    if (leads.isEmpty()) {
      return false;
    }
    Warned warned = shards.warn(shard, MOST, delivery, leads);
    warned.warned().forEach(this::publish);
    return warned.looked() == MOST;
  }

  /** One that cannot be said does not hold up the others. */
  private void publish(CredentialState state) {
    try {
      publisher.publish(new CredentialUpdated(state));
    } catch (IllegalArgumentException e) {
      LOG.error("{} version {} cannot be published", state.key(), state.version(), e);
      return;
    }
    store.published(state.key(), state.grant(), state.version());
    GrantEnd end = state.grantEnd();
    LOG.info("{}: only a new consent helps after {}", state.key(), end == null ? "" : end.at());
  }
}
