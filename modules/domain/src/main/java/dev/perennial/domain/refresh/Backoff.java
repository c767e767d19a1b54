package dev.perennial.domain.refresh;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after failures in a row: doubling from {@code first} up to {@code most}, of
 * which the upper half is random. Immutable; as thread-safe as its source of randomness.
 */
public record Backoff(Duration first, Duration most, RandomGenerator random) {

  /**
   * @throws IllegalArgumentException where the first wait is not positive or above the longest
   */
  public Backoff {
    if (first.compareTo(Duration.ZERO) <= 0 || first.compareTo(most) > 0) {
      throw new IllegalArgumentException("backoff: " + first + " to " + most);
    }
  }

  /**
   * @param failures in a row before this one, 0 for the first
   */
  public Duration after(int failures) {
    long ceiling =
        Math.min(most.toMillis(), first.toMillis() << Math.min(Math.max(failures, 0), 20));
    return Duration.ofMillis(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
  }
}
