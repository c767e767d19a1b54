package dev.perennial.domain.refresh;

import dev.perennial.domain.ConnectionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When each connection wants attention, by shard. Thread-safe. */
public interface DueIndex {

  /**
   * Takes what is due, earliest first, and moves each entry forward by {@code reemit}, so that an
   * event that gets lost is said again.
   *
   * @param max at most this many, 1 to 200
   * @throws dev.perennial.domain.UnavailableException where Redis does not answer
   */
  List<Due> claim(int shard, int max, Duration reemit);

  /**
   * What is due now and not claimed.
   *
   * @throws dev.perennial.domain.UnavailableException where Redis does not answer
   */
  Backlog backlog(int shard);

  /**
   * How much is due in a shard.
   *
   * @param count entries; after an outage of many hours a part of them
   * @param oldest since when the earliest is due; null where nothing is
   */
  record Backlog(long count, @Nullable Instant oldest) {
    public static final Backlog NONE = new Backlog(0, null);
  }

  /**
   * One claimed entry.
   *
   * @param version current when it was claimed
   * @param dueAt when it was due
   */
  record Due(ConnectionKey key, long version, Instant dueAt) {}
}
