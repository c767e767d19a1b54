package dev.perennial.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What was read and is not done: the meeting point of the poll thread, which adds and commits, and
 * the handlers, which end. The concurrency kernel of the worker. Thread-safe by one lock, which is
 * never held while a handler runs.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Everything {@link KeyLanes} says: never two records of a key at once, in order, capped,
 *       groups in turn.
 *   <li>An offset is closed only after its record ended as done. A record that was dropped or
 *       abandoned stays open, so no commit covers it and the next owner sees it.
 *   <li>After {@link #letGo} no record of the partition starts, and those that are out are told.
 *   <li>Whenever a record ends or is added, all that may start has been handed to the executor
 *       before the lock is released: nothing waits without a reason.
 * </ol>
 *
 * @param <R> a record
 */
final class Workload<R> {

  /** Runs one record to its end. */
  interface Runner<R> {
    /** Whether the record is done; false = abandoned. Does not throw. */
    boolean run(R record, OwnedPartition owner);
  }

  private record Entry<R>(OwnedPartition owner, long offset, String key, R record, long addedAt) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final KeyLanes<Entry<R>> lanes;
  private final Executor executor;
  private final Runner<R> runner;
  private final LongSupplier nanoTime;

  Workload(KeyLanes.Permits permits, Executor executor, Runner<R> runner, LongSupplier nanoTime) {
    this.lanes = new KeyLanes<>(permits);
    this.executor = executor;
    this.runner = runner;
    this.nanoTime = nanoTime;
  }

  void add(OwnedPartition owner, long offset, String key, R record) {
    lock.lock();
    try {
      owner.ledger.open(offset);
      lanes.add(key, new Entry<>(owner, offset, key, record, nanoTime.getAsLong()));
      startWhatMay();
    } finally {
      lock.unlock();
    }
  }

  /** At most so many start beside each other from now on. */
  void allow(int most) {
    lock.lock();
    try {
      lanes.allow(most);
      startWhatMay();
    } finally {
      lock.unlock();
    }
  }

  int allowed() {
    lock.lock();
    try {
      return lanes.allowed();
    } finally {
      lock.unlock();
    }
  }

  /** Starts what has waited so long for a place of its group, as far as there are permits. */
  void letThrough(Duration patience) {
    lock.lock();
    try {
      long before = nanoTime.getAsLong() - patience.toNanos();
      lanes.letThrough(entry -> entry.addedAt - before <= 0);
      startWhatMay();
    } finally {
      lock.unlock();
    }
  }

  private void startWhatMay() {
    for (Entry<R> next = lanes.next(); next != null; next = lanes.next()) {
      Entry<R> entry = next;
      entry.owner.out++;
      executor.execute(() -> run(entry));
    }
  }

  private void run(Entry<R> entry) {
    boolean done = false;
    try {
      done = runner.run(entry.record, entry.owner);
    } finally {
      end(entry, done);
    }
  }

  private void end(Entry<R> entry, boolean done) {
    lock.lock();
    try {
      if (done) {
        entry.owner.ledger.close(entry.offset);
      }
      entry.owner.out--;
      lanes.done(entry.key);
      startWhatMay();
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** From here on nothing of these partitions starts; their waiting records are dropped. */
  void letGo(Collection<OwnedPartition> partitions) {
    lock.lock();
    try {
      partitions.forEach(OwnedPartition::letGo);
      lanes.drop(entry -> entry.owner.isLetGo());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until nothing of these partitions is out, at most so long.
   *
   * @return how many records are still out
   */
  int awaitEnd(Collection<OwnedPartition> partitions, Duration most) {
    lock.lock();
    try {
      long left = most.toNanos();
      while (out(partitions) > 0 && left > 0) {
        left = ended.awaitNanos(left);
      }
      return out(partitions);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return out(partitions);
    } finally {
      lock.unlock();
    }
  }

  private static int out(Collection<OwnedPartition> partitions) {
    return partitions.stream().mapToInt(partition -> partition.out).sum();
  }

  /** How far a partition has come. */
  Progress progress(OwnedPartition partition) {
    lock.lock();
    try {
      OffsetLedger ledger = partition.ledger;
      return new Progress(ledger.watermark(), ledger.next(), ledger.openCount());
    } finally {
      lock.unlock();
    }
  }

  /** Records out, over all partitions. */
  int out() {
    lock.lock();
    try {
      return lanes.out();
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param watermark what may be committed, {@link OffsetLedger#NOTHING_READ} before any record
   * @param next one above the highest offset read
   * @param open records read and not done
   */
  record Progress(long watermark, long next, int open) {}
}
