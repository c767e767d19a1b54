package dev.perennial.stream;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One partition from its assignment until it is let go. A partition that comes back is a new one,
 * so a handler that outlived its ownership cannot touch the offsets of the next.
 */
final class OwnedPartition {
  private final int number;
  private final CountDownLatch letGo = new CountDownLatch(1);

  /** Guarded by the {@link Workload}'s lock. */
  final OffsetLedger ledger = new OffsetLedger();

  /** Records of it that are out; guarded by the {@link Workload}'s lock. */
  int out;

  /** Known to be committed; the poll thread's. */
  long committed = OffsetLedger.NOTHING_READ;

  /** The poll thread's. */
  boolean paused;

  OwnedPartition(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  void committed(long offset) {
    committed = offset;
  }

  /** Irrevocable. Whoever waits in {@link #awaitLetGo} goes on at once. */
  void letGo() {
    letGo.countDown();
  }

  boolean isLetGo() {
    return letGo.getCount() == 0;
  }

  /**
   * Sleeps, but not longer than the partition is ours. An interrupt only wakes it: the thread is a
   * record's, and a record ends no other way.
   *
   * @return whether it was let go
   */
  boolean awaitLetGo(Duration most) {
    try {
      return letGo.await(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      return isLetGo();
    }
  }
}
