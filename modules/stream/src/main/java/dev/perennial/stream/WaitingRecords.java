package dev.perennial.stream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records that wait for something that is away, for the log: one line when the first one waits,
 * one when none does any more, and while they come and go not more than one each half minute.
 * Thread-safe.
 */
final class WaitingRecords {
  private static final Logger LOG = LoggerFactory.getLogger(WaitingRecords.class);
  private static final long BETWEEN_LINES = Duration.ofSeconds(30).toNanos();

  private final LongSupplier nanoTime;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicBoolean told = new AtomicBoolean();
  private final AtomicLong tellFrom;

  WaitingRecords(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.tellFrom = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * @param where the record
   * @param why what is away
   */
  void enter(String where, String why) {
    count.incrementAndGet();
    long now = nanoTime.getAsLong();
    long from = tellFrom.get();
    if (now - from >= 0 && tellFrom.compareAndSet(from, now + BETWEEN_LINES)) {
      told.set(true);
      LOG.warn("{} and perhaps others wait and are tried again: {}", where, why);
    }
  }

  void leave() {
    if (count.decrementAndGet() == 0 && told.compareAndSet(true, false)) {
      LOG.info("no record waits any more");
    }
  }

  int count() {
    return count.get();
  }
}
