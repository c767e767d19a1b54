package dev.perennial.app.dev.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The system's clock, wrong by as much as somebody says. Thread-safe. */
final class ShiftedClock implements InstantSource {
  private volatile Duration shift = Duration.ZERO;

  void shift(Duration by) {
    shift = by;
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(shift);
  }
}
