package dev.perennial.app.dev;

import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.devstack.EmbeddedRedis;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A real Kafka and a real Redis as child processes, and the configuration that leads to them. They
 * end with this process, however it ends.
 */
final class LocalServers implements AutoCloseable {
  /** Enough for one machine, few enough for a small broker. */
  static final int SHARDS = 8;

  private final EmbeddedKafka kafka;
  private final EmbeddedRedis redis;

  private LocalServers(EmbeddedKafka kafka, EmbeddedRedis redis) {
    this.kafka = kafka;
    this.redis = redis;
  }

  /**
   * @param data where they keep their data
   * @param kafkaPort wanted; the next free one is taken where it is not free
   */
  static LocalServers start(Path data, int kafkaPort, int redisPort, Progress progress) {
    EmbeddedKafka kafka =
        progress.step(
            "starting Kafka", () -> EmbeddedKafka.start(data.resolve("kafka"), kafkaPort));
    try {
      EmbeddedRedis redis =
          progress.step(
              "starting Redis", () -> EmbeddedRedis.start(data.resolve("redis"), redisPort));
      return new LocalServers(kafka, redis);
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  /** Configuration that leads to these servers, by key. */
  Map<String, String> configuration() {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("kafka.bootstrap-servers", kafka.bootstrapServers());
    flags.put("kafka.replication-factor", "1");
    flags.put("redis.uri", redis.uri().toString());
    flags.put("shards", Integer.toString(SHARDS));
    return flags;
  }

  String kafka() {
    return kafka.bootstrapServers();
  }

  String redis() {
    return redis.uri().toString();
  }

  @Override
  public void close() {
    kafka.close();
    redis.close();
  }
}
