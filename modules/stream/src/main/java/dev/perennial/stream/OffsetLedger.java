package dev.perennial.stream;

import java.util.TreeSet;

/**
 * The offsets of one partition that were read and are not done. Not thread-safe.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>{@link #watermark()} is at most the lowest open offset: what it tells to commit never
 *       covers a record that is not done.
 *   <li>The watermark never falls.
 *   <li>Memory is bound by the open offsets, however far reading has run ahead of a slow one.
 * </ol>
 */
final class OffsetLedger {
  /** Nothing was read yet, so there is nothing to say about the partition. */
  static final long NOTHING_READ = -1;

  private final TreeSet<Long> open = new TreeSet<>();
  private long next = NOTHING_READ;

  /**
   * A record was read. Offsets rise; gaps (compaction) are legal.
   *
   * @throws IllegalArgumentException where the offset does not rise
   */
  void open(long offset) {
    if (offset < next) {
      throw new IllegalArgumentException("offset " + offset + " after " + (next - 1));
    }
    open.add(offset);
    next = offset + 1;
  }

  /**
   * A record is done.
   *
   * @throws IllegalArgumentException where it is not open
   */
  void close(long offset) {
    if (!open.remove(offset)) {
      throw new IllegalArgumentException("offset " + offset + " is not open");
    }
  }

  /** What may be committed: everything below is done. {@link #NOTHING_READ} before any record. */
  long watermark() {
    return open.isEmpty() ? next : open.first();
  }

  /** One above the highest offset read, {@link #NOTHING_READ} before any record. */
  long next() {
    return next;
  }

  int openCount() {
    return open.size();
  }
}
