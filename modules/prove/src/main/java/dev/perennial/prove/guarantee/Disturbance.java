package dev.perennial.prove.guarantee;

import dev.perennial.domain.ConnectionKey;
import java.time.Instant;

/**
 * Something that was made to go wrong on purpose.
 *
 * @param target the worker's name, the provider's, or empty where it concerns everybody
 * @param from right before it began
 * @param to once it was over and who had been away was back
 */
public record Disturbance(Kind kind, String target, Instant from, Instant to) {

  /** What a judge tells apart. */
  public enum Kind {
    /** SIGKILL, until the worker had begun again. */
    WORKER_KILLED,
    /** SIGSTOP, until SIGCONT. */
    WORKER_STOPPED,
    /** SIGTERM, until the worker had begun again. */
    WORKER_RESTARTED,
    /** The broker was away. */
    KAFKA,
    /** Redis was away, or lost what it had. */
    REDIS,
    /** The way from a worker to its provider was cut, slow or silent. */
    PROVIDER_LINK,
    /** The way from a worker to Redis or Kafka was. */
    SERVER_LINK,
    /** A provider answered badly or not at all. */
    PROVIDER,
    /** A worker's clock was wrong. */
    CLOCK
  }

  /** Whether the refreshes of a connection may suffer under it. */
  boolean concerns(ConnectionKey key) {
    return kind != Kind.PROVIDER || target.equals(key.integration());
  }

  /** Whether Redis cannot be healed while it goes on. */
  boolean hindersHealing() {
    return switch (kind) {
      case KAFKA -> true;
      case WORKER_KILLED, WORKER_STOPPED, WORKER_RESTARTED, SERVER_LINK ->
          target.startsWith("credentials");
      case REDIS, PROVIDER, PROVIDER_LINK, CLOCK -> false;
    };
  }

  boolean of(Kind wanted, String worker) {
    return kind == wanted && target.equals(worker);
  }

  /** Whether it was going on at any moment between the two. */
  boolean overlaps(Instant begin, Instant end) {
    return from.isBefore(end) && to.isAfter(begin);
  }
}
