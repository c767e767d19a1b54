package dev.perennial.exchanger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A point in time that is over as soon as either clock says so. The monotonic clock stands still
 * while a machine is suspended, the wall clock may be set back; together they do not miss a pause.
 * Immutable; thread-safe.
 */
final class Deadline {
  private final LongSupplier nanoTime;
  private final InstantSource wall;
  private final Duration length;
  private final long nanos;
  private final Instant instant;

  private Deadline(LongSupplier nanoTime, InstantSource wall, Duration length) {
    this.nanoTime = nanoTime;
    this.wall = wall;
    this.length = length;
    this.nanos = nanoTime.getAsLong() + length.toNanos();
    this.instant = wall.instant().plus(length);
  }

  /** From now on. */
  static Deadline after(Duration length, LongSupplier nanoTime, InstantSource wall) {
    return new Deadline(nanoTime, wall, length);
  }

  /** Negative once it is over. */
  Duration remaining() {
    Duration monotonic = Duration.ofNanos(nanos - nanoTime.getAsLong());
    Duration walled = Duration.between(wall.instant(), instant);
    return monotonic.compareTo(walled) < 0 ? monotonic : walled;
  }

  boolean over() {
    return remaining().compareTo(Duration.ZERO) <= 0;
  }

  @Override
  public String toString() {
    return "deadline of " + length.toMillis() + " ms";
  }
}
