package dev.perennial.credentials;

import dev.perennial.domain.Shards;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.params.SetParams;

/**
 * What must be true of a Redis, of each master of a cluster, before credentials are trusted to it.
 */
public final class RedisStartCheck {

  /**
   * What was found.
   *
   * @param problems the start is refused while there are any
   * @param warnings worth a line in the log
   */
  public record Findings(List<String> problems, List<String> warnings) {}

  private final RedisConnections redis;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private RedisStartCheck(RedisConnections redis) {
    this.redis = redis;
  }

  /**
   * Looks once, and writes down the shard count of a new installation.
   *
   * @throws dev.perennial.domain.UnavailableException where Redis does not answer
   */
  public static Findings of(RedisConnections redis, Shards shards) {
    RedisStartCheck check = new RedisStartCheck(redis);
    redis.onEachMaster(node -> values(node.info("everything"))).forEach(check::master);
    if (check.problems.isEmpty()) {
      check.shardCount(shards);
    }
    return new Findings(List.copyOf(check.problems), List.copyOf(check.warnings));
  }

  private void master(String name, Map<String, String> info) {
    String where =
        kind() == RedisAddress.Kind.CLUSTER
            ? redis.settings() + ", node " + name
            : redis.settings().toString();
    String policy = info.getOrDefault("maxmemory_policy", "noeviction");
    if (!policy.equals("noeviction")) {
      problems.add(
          where + " may evict credentials: set maxmemory-policy noeviction (it is " + policy + ")");
    }
    if (kind() != RedisAddress.Kind.CLUSTER
        && info.getOrDefault("cluster_enabled", "0").equals("1")) {
      problems.add(
          where + " is a node of a Redis Cluster: redis.uri must begin with redis-cluster");
    }
    if (!info.getOrDefault("aof_enabled", "0").equals("1")) {
      warnings.add(where + " has no append-only file: set appendonly yes and appendfsync always");
    }
    if (kind() != RedisAddress.Kind.SINGLE && !info.containsKey("min_slaves_good_slaves")) {
      warnings.add(
          where
              + " goes on by itself when it is cut off from its replicas, while one of them takes"
              + " its place: set min-replicas-to-write 1, and min-replicas-max-lag below the time"
              + " after which it is taken for dead");
    }
  }

  private RedisAddress.Kind kind() {
    return redis.settings().address().kind();
  }

  private void shardCount(Shards shards) {
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

  private static Map<String, String> values(String info) {
    Map<String, String> values = new HashMap<>();
    info.lines()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> values.put(pair[0], pair[1].strip()));
    return values;
  }
}
