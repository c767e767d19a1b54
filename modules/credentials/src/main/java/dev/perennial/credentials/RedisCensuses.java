package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import dev.perennial.domain.credential.Census;
import dev.perennial.domain.credential.Census.Count;
import dev.perennial.domain.credential.Censuses;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * Counts all connections by SCAN and a pipeline of small reads for each page, and keeps the result
 * in Redis for every process. What it holds in memory does not grow with the number of connections.
 * Thread-safe.
 */
public final class RedisCensuses implements Censuses {
  /** Enough to make a round trip cheap, few enough not to hold up Redis. */
  private static final int PAGE = 500;

  private final RedisConnections redis;
  private final Keys keys;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  /**
   * @param clock what is due and what is expired now
   * @param nanoTime as {@link System#nanoTime}
   */
  public RedisCensuses(
      RedisConnections redis, Shards shards, InstantSource clock, LongSupplier nanoTime) {
    this.redis = redis;
    this.keys = new Keys(redis.settings().prefix(), shards);
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Asked after each page of a count. */
  @FunctionalInterface
  public interface Pace {
    /**
     * Rests.
     *
     * @param worked how long the page took
     * @return whether to go on
     */
    boolean rest(Duration worked);
  }

  @Override
  public Optional<Census> latest() {
    String kept = redis.call(client -> client.get(keys.census()));
    return kept == null
        ? Optional.empty()
        : CensusFormat.read(kept.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Counts, and keeps what came out.
   *
   * @param known whether an integration has a definition; the others are counted as one
   * @return empty where the pace said not to go on; the census before stays then
   * @throws dev.perennial.domain.UnavailableException where Redis does not answer
   */
  public Optional<Census> take(Predicate<String> known, Pace pace) {
    long began = nanoTime.getAsLong();
    Map<String, Tally> tallies = new TreeMap<>();
    KeyScan scan = new KeyScan(redis, keys.connections(), PAGE);
    @Nullable String cursor = null;
    while (true) {
      long before = nanoTime.getAsLong();
      KeyScan.Page page = scan.page(cursor);
      count(page.keys(), known, tallies);
      if (page.next() == null) {
        return Optional.of(kept(tallies, since(began)));
      }
      if (!pace.rest(since(before))) {
        return Optional.empty();
      }
      cursor = page.next();
    }
  }

  private void count(List<String> page, Predicate<String> known, Map<String, Tally> tallies) {
    List<List<@Nullable String>> read = read(page);
    Instant now = clock.instant();
    for (int i = 0; i < page.size(); i++) {
      ConnectionKey key = keys.connectionOf(page.get(i));
      String slug = known.test(key.integration()) ? key.integration() : Census.OTHER;
      tallies.computeIfAbsent(slug, _ -> new Tally()).add(read.get(i), now);
    }
  }

  private List<List<@Nullable String>> read(List<String> page) {
    if (page.isEmpty()) {
      return List.of();
    }
    return redis.call(client -> {
      List<Response<List<String>>> answers = new ArrayList<>();
      try (AbstractPipeline pipeline = client.pipelined()) {
        page.forEach(key -> answers.add(pipeline.hmget(key, Tally.FIELDS)));
        pipeline.sync();
      }
      return answers.stream().map(RedisCensuses::values).toList();
    });
  }

  /** Fields that are not there are null. */
  private static List<@Nullable String> values(Response<List<String>> answer) {
    return new ArrayList<@Nullable String>(answer.get());
  }

  private Census kept(Map<String, Tally> tallies, Duration took) {
    Map<String, Count> counts = new TreeMap<>();
    tallies.forEach((slug, tally) -> counts.put(slug, tally.count()));
    Census census = new Census(clock.instant(), took, counts);
    String json = new String(CensusFormat.write(census), StandardCharsets.UTF_8);
    redis.call(client -> client.set(keys.census(), json));
    return census;
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(nanoTime.getAsLong() - nanos);
  }
}
