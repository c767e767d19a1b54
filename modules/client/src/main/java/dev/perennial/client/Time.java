package dev.perennial.client;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Where time comes from: the one place of this room that reads a real clock.
 *
 * @param clock for the ends of tokens
 * @param nanoTime for how long something takes; as {@link System#nanoTime()}
 */
record Time(InstantSource clock, LongSupplier nanoTime) {
  static final Time SYSTEM = new Time(InstantSource.system(), System::nanoTime);

  long millis() {
    return clock.millis();
  }

  long nanos() {
    return nanoTime.getAsLong();
  }

  Duration since(long nanos) {
    return Duration.ofNanos(nanos() - nanos);
  }
}
