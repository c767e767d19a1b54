package dev.perennial.app.role;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for an end; an interrupt is kept for whoever asked. */
final class Waiting {
  private Waiting() {}

  /**
   * Rests for so long, unless it is to stop before.
   *
   * @param stop of one, counted down by whoever stops
   * @return whether to stop; an interrupt says so too
   */
  static boolean forStop(CountDownLatch stop, Duration rest) {
    try {
      return stop.await(rest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  static void forEnd(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
