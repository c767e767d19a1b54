package dev.perennial.domain.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One topic as the owner of its shards reads it: from any offset, a partition for each shard. Not
 * thread-safe. All but {@link #read} throw {@link dev.perennial.domain.UnavailableException} where
 * Kafka does not answer in time.
 */
public interface ShardLog {

  /** Tells this topic from another one that had its name before. */
  String id();

  /**
   * What stands at an offset and after it, in order; does not wait for more. Nothing, where Kafka
   * does not answer: only {@link #end} tells whether there is more.
   *
   * @param from where retention or compaction has taken what stood there, reading goes on behind it
   */
  Batch read(int shard, long from);

  /**
   * How many records are known to lie behind what {@link #read} gave last, unreadable ones among
   * them. Asks nobody: as of what Kafka said when it was last asked for records.
   */
  long behind(int shard);

  /** An offset behind every record that was acknowledged before this call. */
  long end(int shard);

  /**
   * Some records.
   *
   * @param entries possibly empty
   * @param next where to go on
   */
  record Batch(List<Entry> entries, long next) {
    public Batch {
      entries = List.copyOf(entries);
    }
  }

  /**
   * One record.
   *
   * @param event null where it says none that we can read: a tombstone, a mark, a newer format
   * @param trace what the record belongs to
   */
  record Entry(long offset, @Nullable Event event, Trace trace) {

    /** A record without a trace. */
    public Entry(long offset, @Nullable Event event) {
      this(offset, event, Trace.NONE);
    }
  }
}
