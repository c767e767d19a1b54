package dev.perennial.bench.bed;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.event.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Counts what is on {@code credentials-updated} by the ends of its partitions, which costs the
 * broker next to nothing. For one thread.
 */
public final class Publications implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  public Publications(PerennialConfig config) {
    String topic = new Topics(config.topics().prefix()).credentialsUpdated();
    this.partitions =
        IntStream.range(0, config.shards())
            .mapToObj(shard -> new TopicPartition(topic, shard))
            .toList();
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                config.kafka().bootstrapServers(),
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class));
  }

  /** Records that were ever written. */
  public long count() {
    return consumer.endOffsets(partitions, LIMIT).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
