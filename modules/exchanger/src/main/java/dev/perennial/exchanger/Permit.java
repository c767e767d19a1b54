package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.definition.RateLimit;
import dev.perennial.domain.refresh.RateLimits;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Leave to send a token request, out of what the definition's limits give; always given where it
 * has none. It counts from when it was given, so a request that could not be written soon after
 * asks for it again, and the provider sees no more of them in a window than were permitted. An
 * attempt has one, also where it asks more than once: with another secret, with a nonce, or until
 * somebody has decided. Not thread-safe.
 */
final class Permit {
  private final RateLimits limits;
  private final ConnectionKey key;
  private final @Nullable RateLimit limit;
  private final String name;
  private final Insistence insistence;
  private final LongSupplier nanoTime;
  private long givenAt;

  /**
   * @param limit null = none
   * @param name of the request, among all of all processes
   * @param nanoTime as {@link System#nanoTime}
   */
  Permit(
      RateLimits limits,
      ConnectionKey key,
      @Nullable RateLimit limit,
      String name,
      Insistence insistence,
      LongSupplier nanoTime) {
    this.limits = limits;
    this.key = key;
    this.limit = limit;
    this.name = name;
    this.insistence = insistence;
    this.nanoTime = nanoTime;
  }

  static Permit of(Tools tools, ConnectionKey key, @Nullable RateLimit limit) {
    return new Permit(
        tools.ports().limits(),
        key,
        limit,
        limit == null ? "" : tools.ports().attemptIds().get(),
        tools.insistence(),
        tools.timing().nanoTime());
  }

  /**
   * Asks for it.
   *
   * @return zero where it was given; else how long from now to ask again
   * @throws UnavailableException where the store does not answer
   */
  Duration ask() {
    if (limit == null) {
      return Duration.ZERO;
    }
    givenAt = nanoTime.getAsLong(); // at the earliest
    return limits.take(key, limit, name);
  }

  /**
   * Right before the request is written. Half of what it may be under way is left for the way
   * itself; where more has passed, it is asked for again and waited for until the deadline.
   */
  boolean holds(Deadline deadline) {
    if (limit == null || nanoTime.getAsLong() - givenAt < limit.underWay().dividedBy(2).toNanos()) {
      return true;
    }
    try {
      for (Duration wait = ask(); !wait.isZero(); wait = ask()) {
        if (deadline.remaining().compareTo(wait) <= 0 || !insistence.pause(wait)) {
          return false;
        }
      }
      return true;
    } catch (UnavailableException e) {
      return true; // it was given once: better a request too soon than an attempt for nothing
    }
  }
}
