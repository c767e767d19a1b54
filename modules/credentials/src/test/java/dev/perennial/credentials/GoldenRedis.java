package dev.perennial.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.event.JsonObjects;
import dev.perennial.event.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.resps.Tuple;

/**
 * What a release wrote into Redis, as a file: {@code {"<key without prefix>": {"hash": {…}} |
 * {"zset": {member: score}} | {"string": "…"}}}. The run id of the Redis that it was written to
 * stands there as {@code RUN}; texts only.
 */
final class GoldenRedis {
  private static final Path FILES = Path.of("src/test/resources/golden/redis");
  private static final String RUN = "RUN";

  private final RedisConnections redis;
  private final String run;

  /**
   * @param run of this Redis, as a fence names it
   */
  GoldenRedis(RedisConnections redis, String run) {
    this.redis = redis;
    this.run = run;
  }

  /** Puts the file's keys in place of whatever is there. */
  void load(String name) {
    String prefix = redis.settings().prefix() + ":";
    redis
        .call(client -> client.keys(prefix + "*"))
        .forEach(key -> redis.call(client -> client.del(key)));
    read(name)
        .forEach((key, value) -> redis.call(client -> put(client, prefix + key, object(value))));
  }

  private Map<String, @Nullable Object> read(String name) {
    try (InputStream file = GoldenRedis.class.getResourceAsStream("/golden/redis/" + name)) {
      byte[] bytes = Objects.requireNonNull(file, name).readAllBytes();
      return JsonObjects.read(new String(bytes, UTF_8).replace(RUN, run).getBytes(UTF_8));
    } catch (IOException | MalformedJsonException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private static boolean put(UnifiedJedis client, String key, Map<String, ?> value) {
    object(value.get("hash")).forEach((field, text) -> client.hset(key, field, text.toString()));
    object(value.get("zset"))
        .forEach((member, score) -> client.zadd(key, ((Number) score).doubleValue(), member));
    if (value.get("string") instanceof String text) {
      client.set(key, text);
    }
    return true;
  }

  private static Map<String, Object> object(@Nullable Object value) {
    Map<String, Object> members = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, member) -> members.put(name.toString(), Objects.requireNonNull(member)));
    }
    return members;
  }

  /** Writes what is there, once: what is there already is never written again. */
  void record(String name) throws IOException {
    if (Files.notExists(FILES.resolve(name))) {
      Files.createDirectories(FILES);
      Files.writeString(FILES.resolve(name), lines());
    }
  }

  /** One key a line. */
  private String lines() {
    String prefix = redis.settings().prefix() + ":";
    Map<String, Object> all = new TreeMap<>();
    for (String key : redis.call(client -> client.keys(prefix + "*"))) {
      all.put(key.substring(prefix.length()), redis.call(client -> get(client, key)));
    }
    StringBuilder lines = new StringBuilder("{");
    all.forEach((key, value) -> {
      String one = new String(JsonObjects.write(Map.of(key, value)), UTF_8);
      lines.append(lines.length() == 1 ? "\n  " : ",\n  ").append(one, 1, one.length() - 1);
    });
    return lines.append("\n}\n").toString().replace(run, RUN);
  }

  private static Map<String, Object> get(UnifiedJedis client, String key) {
    return switch (client.type(key)) {
      case "hash" -> Map.of("hash", new TreeMap<>(client.hgetAll(key)));
      case "zset" -> {
        Map<String, Object> members = new TreeMap<>();
        for (Tuple member : client.zrangeWithScores(key, 0, -1)) {
          members.put(member.getElement(), (long) member.getScore());
        }
        yield Map.of("zset", members);
      }
      default -> Map.of("string", client.get(key));
    };
  }
}
