package dev.perennial.bench.bed;

import java.util.ArrayDeque;
import java.util.Deque;

/** The most that was counted within any second. Thread-safe. */
final class Peak {
  private static final long SECOND = 1_000_000_000;

  private final Deque<Long> lately = new ArrayDeque<>();
  private int most;

  /**
   * @param nanos as {@link System#nanoTime}, about in their order
   */
  synchronized void count(long nanos) {
    lately.addLast(nanos);
    while (nanos - lately.getFirst() >= SECOND) {
      lately.removeFirst();
    }
    most = Math.max(most, lately.size());
  }

  synchronized int most() {
    return most;
  }
}
