package dev.perennial.app.audit;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Who was handed which token within the hour. Remembers a bounded number: beyond it the oldest are
 * forgotten, and told once more than they need be. Thread-safe.
 */
final class RecentReads {
  static final int MOST = 100_000;
  private static final long HOUR = Duration.ofHours(1).toNanos();

  private final LongSupplier nanoTime;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();

  /** By actor and object, in the order of their times. */
  private final Map<String, Long> seen = new LinkedHashMap<>(); // under the lock

  RecentReads(LongSupplier nanoTime, int most) {
    this.nanoTime = nanoTime;
    this.most = most;
  }

  /** Whether this is the first within the hour. */
  boolean isFirst(String actor, String object) {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      forget(now);
      return seen.putIfAbsent(actor + "\n" + object, now) == null;
    } finally {
      lock.unlock();
    }
  }

  private void forget(long now) {
    Iterator<Long> oldest = seen.values().iterator();
    while (oldest.hasNext() && (now - oldest.next() >= HOUR || seen.size() >= most)) {
      oldest.remove();
    }
  }
}
