package dev.perennial.bench.bed;

import dev.perennial.credentials.RedisCodeRecords;
import dev.perennial.credentials.RedisConnections;
import dev.perennial.credentials.RedisCredentialStore;
import dev.perennial.credentials.RedisDueIndex;
import dev.perennial.credentials.RedisSettings;
import dev.perennial.credentials.ShardOwner;
import dev.perennial.devstack.EmbeddedRedis;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Shards;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.event.ShardLog;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.domain.refresh.DueIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Connections for what is measured of the due index alone: in a Redis of their own that keeps
 * nothing on disk, with tokens of a few bytes, put by the store's own script into shards that an
 * owner has healed from empty topics. Thread-safe.
 */
public final class DueConnections implements AutoCloseable {
  private static final int WRITERS = 256;

  private final EmbeddedRedis server;
  private final RedisConnections redis;
  private final Shards shards;
  private final CredentialStore store;

  /**
   * @param directory for what its Redis writes
   * @param redisServer the executable; null = the one of the development stack
   */
  public DueConnections(Path directory, @Nullable Path redisServer, int shardCount) {
    this.server = EmbeddedRedis.start(directory, redisServer, List.of("--appendonly", "no"));
    this.redis = new RedisConnections(RedisSettings.of(server.uri(), "perennial"));
    this.shards = new Shards(shardCount);
    this.store = new RedisCredentialStore(redis, shards, AttemptTimes.DEFAULT);
    heal();
  }

  /** A topic on which nothing was ever said. */
  private record Silence(String id) implements ShardLog {
    @Override
    public Batch read(int shard, long from) {
      return new Batch(List.of(), from);
    }

    @Override
    public long behind(int shard) {
      return 0;
    }

    @Override
    public long end(int shard) {
      return 0;
    }
  }

  private void heal() {
    ShardOwner.Tools tools =
        new ShardOwner.Tools(
            redis,
            shards,
            AttemptTimes.DEFAULT,
            store,
            new RedisCodeRecords(redis, shards, AttemptTimes.DEFAULT),
            _ -> {},
            new Silence("updated"),
            new Silence("journal"),
            _ -> false,
            InstantSource.system(),
            List.of());
    for (int shard = 0; shard < shards.count(); shard++) {
      ShardOwner owner = new ShardOwner(shard, tools);
      while (!owner.ready()) {
        owner.turn();
      }
    }
  }

  public EmbeddedRedis server() {
    return server;
  }

  public DueIndex index() {
    return new RedisDueIndex(redis, shards);
  }

  /** Makes those from a number up to another, due at any time in a span around now. */
  public void make(int from, int to, Duration span) {
    Instant now = InstantSource.system().instant();
    List<Integer> numbers = // those of one shard together, which is how steps go together
        IntStream.range(from, to)
            .boxed()
            .sorted(Comparator.comparingInt(n -> shards.of(key(n))))
            .toList();
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> parts = new ArrayList<>();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int writer = 0; writer < WRITERS; writer++) {
        parts.add(
            writers.submit(() -> {
              for (int i = next.getAndIncrement(); i < numbers.size(); i = next.getAndIncrement()) {
                put(numbers.get(i), now, span);
              }
            }));
      }
      parts.forEach(Connections::get);
    }
  }

  /** Numbers that follow each other lie far apart in time. */
  private void put(int number, Instant now, Duration span) {
    ConnectionKey key = key(number);
    double place = (number * 0.618033988749895) % 1.0 - 0.5;
    Instant due = now.plusMillis((long) (place * span.toMillis()));
    IssuedTokens tokens =
        new IssuedTokens(Sealed.of(new byte[8]), now, now.plus(span), due, null, null);
    if (!(store.put(key, now.toEpochMilli() * 1000, "s" + number, tokens) instanceof Put.Stored)) {
      throw new BedException(key + " was there before");
    }
  }

  private static ConnectionKey key(int number) {
    return new ConnectionKey(TestBed.INTEGRATION, "c" + number);
  }

  @Override
  public void close() {
    redis.close();
    server.close();
  }
}
