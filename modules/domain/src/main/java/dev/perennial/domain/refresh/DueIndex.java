package dev.perennial.domain.refresh;

import dev.perennial.domain.ConnectionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

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
   * One claimed entry.
   *
   * @param version current when it was claimed
   * @param dueAt when it was due
   */
  record Due(ConnectionKey key, long version, Instant dueAt) {}
}
