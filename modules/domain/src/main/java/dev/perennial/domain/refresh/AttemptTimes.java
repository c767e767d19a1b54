package dev.perennial.domain.refresh;

import dev.perennial.domain.definition.ReuseWindow;
import java.time.Duration;

/**
 * The times of one attempt, which only make sense together.
 *
 * @param deadline from begin until the answer must be read
 * @param lease from begin until others may think about the attempt
 * @param reemit how long after a claim a lost event is said again
 * @param delivery how long a publication may take
 */
public record AttemptTimes(Duration deadline, Duration lease, Duration reemit, Duration delivery) {

  /** 30 s, 120 s, 150 s, 60 s. */
  public static final AttemptTimes DEFAULT =
      new AttemptTimes(
          Duration.ofSeconds(30),
          Duration.ofSeconds(120),
          Duration.ofSeconds(150),
          Duration.ofSeconds(60));

  /**
   * @throws IllegalArgumentException unless deadline &lt; lease &lt; reemit
   */
  public AttemptTimes {
    if (deadline.compareTo(Duration.ZERO) <= 0 || delivery.compareTo(Duration.ZERO) <= 0) {
      throw new IllegalArgumentException("deadline and delivery must be positive");
    }
    if (deadline.compareTo(lease) >= 0 || lease.compareTo(reemit) >= 0) {
      throw new IllegalArgumentException(
          "deadline (" + deadline + ") < lease (" + lease + ") < reemit (" + reemit + ")");
    }
  }

  /** The lease that fits a reuse window: lease + deadline must end inside it. */
  public Duration leaseWithin(ReuseWindow reuse) {
    if (reuse.always() || reuse.length().isZero()) {
      return lease;
    }
    Duration most = reuse.length().minus(deadline).minusMillis(1);
    return most.compareTo(lease) < 0 ? most : lease;
  }

  /** Whether a retry after a vanished attempt can still land inside the window. */
  public boolean fits(ReuseWindow reuse) {
    return reuse.always() || reuse.length().isZero() || leaseWithin(reuse).compareTo(deadline) > 0;
  }
}
