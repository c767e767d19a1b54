package dev.perennial.client;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** Time that stands still until a test moves it. */
final class HandTime {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
  final Time time = new Time(this::now, () -> passed.get().toNanos());

  Instant now() {
    return START.plus(passed.get());
  }

  void pass(Duration more) {
    passed.updateAndGet(before -> before.plus(more));
  }
}
