package dev.perennial.app.admin;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Requests that wait until something has changed: so many at a time and no more, and none any
 * longer once the process stops. Thread-safe.
 */
final class Waiting {
  private static final int MOST = 1000;

  private final Semaphore places;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Duration poll;
  private final LongSupplier nanoTime;

  /**
   * @param poll pause between two looks
   */
  Waiting(Duration poll, LongSupplier nanoTime) {
    this(MOST, poll, nanoTime);
  }

  Waiting(int most, Duration poll, LongSupplier nanoTime) {
    this.places = new Semaphore(most);
    this.poll = poll;
    this.nanoTime = nanoTime;
  }

  /**
   * Looks again and again, for the first time after a pause.
   *
   * @return empty where there was nothing to see until the time was over
   * @throws Refusal where too many wait, or the process stops
   */
  <T> Optional<T> until(Duration time, Supplier<Optional<T>> look) {
    if (!places.tryAcquire()) {
      throw new Refusal(
          Problem.of(
              503, "busy", "Too many requests wait", "As many as may wait do so. Ask again."),
          "Retry-After",
          "2");
    }
    try {
      long start = nanoTime.getAsLong();
      Optional<T> seen = Optional.empty();
      while (seen.isEmpty() && nanoTime.getAsLong() - start < time.toNanos()) {
        pause();
        seen = look.get();
      }
      return seen;
    } finally {
      places.release();
    }
  }

  private void pause() {
    boolean stop;
    try {
      stop = stopping.await(poll.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      stop = true;
    }
    if (stop) {
      throw new Refusal(Problem.of(503, "stopping", "This process is stopping", "Ask again."));
    }
  }

  /** Nobody waits any longer, now and later. */
  void stop() {
    stopping.countDown();
  }
}
