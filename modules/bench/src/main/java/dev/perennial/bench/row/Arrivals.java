package dev.perennial.bench.row;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Work that arrives at a steady rate and does not wait for the work before it, as people do: a slow
 * answer then delays nobody else's question, and is seen for what it is.
 */
final class Arrivals {
  private Arrivals() {}

  /**
   * Starts each at its time on a thread of its own and returns when all have ended.
   *
   * @param each is given its number, from 0
   * @return how many there were
   */
  static int run(Run run, int perSecond, Duration time, IntConsumer each) {
    int count = (int) (perSecond * time.toMillis() / 1000);
    long begin = System.nanoTime();
    long gap = 1_000_000_000L / perSecond;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        long wait = begin + i * gap - System.nanoTime();
        if (wait > 0) {
          LockSupport.parkNanos(wait);
        }
        int number = i;
        threads.execute(() -> each.accept(number));
        if (i % perSecond == 0) {
          run.goOn();
        }
      }
    }
    return count;
  }
}
