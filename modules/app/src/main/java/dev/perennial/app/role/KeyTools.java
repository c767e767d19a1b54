package dev.perennial.app.role;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.metric.Meters;
import dev.perennial.credentials.RedisKeyHolders;
import dev.perennial.credentials.Resealing;
import dev.perennial.credentials.SealedScan;
import dev.perennial.domain.event.ShardLog;
import dev.perennial.sealing.LiveKeyRing;
import dev.perennial.stream.KafkaShardLog;
import dev.perennial.stream.TopicAdmin;
import java.time.Duration;
import java.util.Map;

/**
 * What the commands about the key ring reach of Redis and Kafka, without a role of their own. The
 * logs are not thread-safe.
 */
public final class KeyTools implements AutoCloseable {
  private static final Duration ASK = Duration.ofSeconds(10);

  private final Foundation on;
  private final SealedScan scan;
  private final RedisKeyHolders holders;
  private final Resealing resealing;
  private final KafkaShardLog topic;
  private final KafkaShardLog journal;
  private final KafkaShardLog codes;

  /**
   * Makes no contact yet.
   *
   * @param ring opens what was sealed before, and seals with the key that is to be used
   */
  public KeyTools(PerennialConfig config, LiveKeyRing ring) {
    this.on =
        new Foundation(config, new NoIntegrations(), ring, NodeOptions.PRODUCTION, Meters.unseen());
    this.scan = new SealedScan(on.redis, on.shards);
    this.holders = new RedisKeyHolders(on.redis, on.shards);
    this.resealing = new Resealing(on.redis, on.shards, on.publisher, ring);
    this.topic = log(on.topics.credentialsUpdated());
    this.journal = log(on.topics.grantJournal());
    this.codes = log(on.topics.codeReceived());
  }

  private KafkaShardLog log(String name) {
    return KafkaShardLog.of(on.kafka, name, on.codec, ASK, System::nanoTime);
  }

  public int shards() {
    return on.shards.count();
  }

  /** Everything sealed in Redis. */
  public SealedScan scan() {
    return scan;
  }

  /** Which process holds which keys. */
  public RedisKeyHolders holders() {
    return holders;
  }

  public Resealing resealing() {
    return resealing;
  }

  /** {@code credentials-updated}. */
  public ShardLog topic() {
    return topic;
  }

  /** {@code grant-journal}. */
  public ShardLog journal() {
    return journal;
  }

  /** {@code code-received}. */
  public ShardLog codes() {
    return codes;
  }

  /** How far the exchangers have handled {@code code-received}, by shard; none: nothing. */
  public Map<Integer, Long> codesHandled() {
    return new TopicAdmin(on.kafka, ASK)
        .committed(on.exchangers(on.topics.codeReceived()), on.topics.codeReceived());
  }

  /** How long an answer may be on its way that was sealed before. */
  public Duration underWay() {
    return on.times.lease().plus(on.times.delivery());
  }

  @Override
  public void close() {
    topic.close();
    journal.close();
    codes.close();
    on.close();
  }
}
