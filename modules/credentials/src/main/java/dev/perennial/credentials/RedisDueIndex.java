package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import dev.perennial.domain.refresh.DueIndex;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** The due index in Redis, written by the same scripts as the credentials. Thread-safe. */
public final class RedisDueIndex implements DueIndex {
  private static final int MOST = 200;

  /** Held against the time that one script takes of Redis. */
  private static final int MOST_BUCKETS = 5_000;

  private final ConnectionScripts scripts;

  public RedisDueIndex(RedisConnections redis, Shards shards) {
    this.scripts = new ConnectionScripts(redis, new Keys(redis.settings().prefix(), shards));
  }

  @Override
  public List<Due> claim(int shard, int max, Duration reemit) {
    if (max < 1 || max > MOST) {
      throw new IllegalArgumentException("claim of " + max + " is not within 1 to " + MOST);
    }
    Reply taken =
        scripts.run(Script.CLAIM, shard, scripts.arguments(shard).number(max).millis(reemit));
    return taken
        .rows()
        .map(row -> new Due(ConnectionKey.parse(row.text(0)), row.number(1), row.instant(2)))
        .sorted(Comparator.comparing(Due::dueAt)) // wide buckets come before narrow ones
        .toList();
  }

  @Override
  public Backlog backlog(int shard) {
    Reply due = scripts.run(Script.BACKLOG, shard, scripts.arguments(shard).number(MOST_BUCKETS));
    return new Backlog(due.number(0), "".equals(due.optionalText(1)) ? null : due.instant(1));
  }
}
