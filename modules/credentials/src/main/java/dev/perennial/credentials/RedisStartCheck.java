package dev.perennial.credentials;

import dev.perennial.domain.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.params.SetParams;

/** What must be true of a Redis before credentials are trusted to it. */
public final class RedisStartCheck {

  /**
   * What was found.
   *
   * @param problems the start is refused while there are any
   * @param warnings worth a line in the log
   */
  public record Findings(List<String> problems, List<String> warnings) {}

  private RedisStartCheck() {}

  /**
   * Looks once, and writes down the shard count of a new installation.
   *
   * @throws dev.perennial.domain.UnavailableException where Redis does not answer
   */
  public static Findings of(RedisConnections redis, Shards shards) {
    List<String> problems = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    String where = redis.settings().toString();
    Map<String, String> memory = info(redis, "memory");
    String policy = memory.getOrDefault("maxmemory_policy", "noeviction");
    if (!policy.equals("noeviction")) {
      problems.add(
          where + " may evict credentials: set maxmemory-policy noeviction (it is " + policy + ")");
    }
    if (!info(redis, "persistence").getOrDefault("aof_enabled", "0").equals("1")) {
      warnings.add(where + " has no append-only file: set appendonly yes and appendfsync always");
    }
    shardCount(redis, shards, problems);
    return new Findings(List.copyOf(problems), List.copyOf(warnings));
  }

  private static void shardCount(RedisConnections redis, Shards shards, List<String> problems) {
    String key = new Keys(redis.settings().prefix(), shards).shardCount();
    String count = Integer.toString(shards.count());
    var _ = redis.call(client -> client.set(key, count, SetParams.setParams().nx()));
    String stored = redis.call(client -> client.get(key));
    if (!count.equals(stored)) {
      problems.add(
          redis.settings()
              + " holds credentials in "
              + stored
              + " shards; shards is configured as "
              + count
              + ": set it back, it is chosen once");
    }
  }

  private static Map<String, String> info(RedisConnections redis, String section) {
    Map<String, String> values = new java.util.HashMap<>();
    redis
        .call(client -> client.info(section))
        .lines()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> values.put(pair[0], pair[1].strip()));
    return values;
  }
}
