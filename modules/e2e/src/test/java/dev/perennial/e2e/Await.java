package dev.perennial.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, never for a time. */
final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(10);

  private Await() {}

  /**
   * @throws AssertionError where it is not so within half a minute
   */
  static void until(String what, BooleanSupplier condition) {
    within(PATIENCE, what, condition);
  }

  /**
   * @throws AssertionError where it is not so by then
   */
  static void within(Duration most, String what, BooleanSupplier condition) {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + most.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }
}
