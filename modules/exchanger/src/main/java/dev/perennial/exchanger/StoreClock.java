package dev.perennial.exchanger;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The store's clock, carried on by the monotonic one from an answer that told the time. Late by the
 * answer's way back, never early, so that what we count from it never ends too late.
 */
final class StoreClock {
  private final Instant told;
  private final long since;
  private final LongSupplier nanoTime;

  /** Begins to run now. */
  StoreClock(Instant told, LongSupplier nanoTime) {
    this.told = told;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  Instant now() {
    return told.plusNanos(nanoTime.getAsLong() - since);
  }
}
