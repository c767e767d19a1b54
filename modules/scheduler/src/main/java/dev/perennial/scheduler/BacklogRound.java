package dev.perennial.scheduler;

import dev.perennial.domain.refresh.DueIndex;
import dev.perennial.domain.refresh.DueIndex.Backlog;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Looks from time to time how much is due in a shard and not said yet. Looks on one thread; the
 * questions may come from any.
 */
public final class BacklogRound {
  private final DueIndex index;
  private final long every;
  private final LongSupplier nanoTime;
  private final Map<Integer, Look> looks = new ConcurrentHashMap<>();

  private record Look(Backlog backlog, long at) {}

  /**
   * @param every how often a shard is looked at
   * @param nanoTime as {@link System#nanoTime}
   */
  public BacklogRound(DueIndex index, Duration every, LongSupplier nanoTime) {
    this.index = index;
    this.every = every.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * Looks, if the last time is long enough ago.
   *
   * @throws dev.perennial.domain.UnavailableException where Redis does not answer
   */
  public void run(int shard) {
    Look last = looks.get(shard);
    long now = nanoTime.getAsLong();
    if (last == null || now - last.at() >= every) {
      looks.put(shard, new Look(index.backlog(shard), now));
    }
  }

  /** How much is due in these shards together, as of the last looks. */
  public long count(Set<Integer> shards) {
    return of(shards).mapToLong(Backlog::count).sum();
  }

  /** Since when the earliest entry of these shards is due, as of the last looks. */
  public Optional<Instant> oldest(Set<Integer> shards) {
    return of(shards)
        .flatMap(backlog -> Stream.ofNullable(backlog.oldest()))
        .min(Comparator.naturalOrder());
  }

  private Stream<Backlog> of(Set<Integer> shards) {
    return shards.stream().flatMap(shard -> Stream.ofNullable(looks.get(shard))).map(Look::backlog);
  }
}
