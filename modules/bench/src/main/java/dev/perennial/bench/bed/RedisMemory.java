package dev.perennial.bench.bed;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** What Redis says of itself: its memory, and how often each command ran. Thread-safe. */
public final class RedisMemory implements AutoCloseable {
  private static final int PAGE = 2_000;
  private static final String USED = "used_memory:";
  private static final String CALLS = "cmdstat_";

  private final RedisClient redis;

  public RedisMemory(URI uri) {
    this.redis = RedisClient.create(uri);
  }

  /** Bytes that hold data, of all kinds. */
  public long used() {
    return redis
        .info("memory")
        .lines()
        .filter(line -> line.startsWith(USED))
        .mapToLong(line -> Long.parseLong(line.substring(USED.length()).strip()))
        .findFirst()
        .orElseThrow(() -> new BedException("Redis does not say how much memory it uses"));
  }

  /**
   * Bytes of all sorted sets of the due index: {@code …due:…} and {@code …buckets}, with their
   * names and their places among all keys.
   */
  public long ofDueIndex() {
    long sum = 0;
    ScanParams params = new ScanParams().count(PAGE);
    String cursor = ScanParams.SCAN_POINTER_START;
    do {
      ScanResult<String> page = redis.scan(cursor, params, "zset");
      List<String> keys = page.getResult().stream().filter(RedisMemory::isDueIndex).toList();
      sum += bytes(keys);
      cursor = page.getCursor();
    } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    return sum;
  }

  private static boolean isDueIndex(String key) {
    return key.contains("}:due:") || key.endsWith("}:buckets");
  }

  private long bytes(List<String> keys) {
    List<Response<Long>> sizes = new ArrayList<>();
    try (AbstractPipeline pipeline = redis.pipelined()) {
      keys.forEach(key -> sizes.add(pipeline.memoryUsage(key, 0)));
      pipeline.sync();
    }
    return sizes.stream().mapToLong(size -> size.get() == null ? 0 : size.get()).sum();
  }

  /** Calls of each command since Redis began, those of scripts too. */
  public Map<String, Long> calls() {
    Map<String, Long> calls = new TreeMap<>();
    redis
        .info("commandstats")
        .lines()
        .filter(line -> line.startsWith(CALLS))
        .forEach(line -> {
          int colon = line.indexOf(":calls=");
          String name = line.substring(CALLS.length(), colon);
          calls.put(name, Long.parseLong(line.substring(colon + 7, line.indexOf(',', colon))));
        });
    return calls;
  }

  /** Loses everything. */
  public void flush() {
    String _ = redis.flushAll();
  }

  @Override
  public void close() {
    redis.close();
  }
}
