package dev.perennial.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition; the test's own timeout bounds it. */
public final class Until {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

  private Until() {}

  public static void holds(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(PAUSE);
    }
  }
}
