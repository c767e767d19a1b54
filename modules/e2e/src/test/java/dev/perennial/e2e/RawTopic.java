package dev.perennial.e2e;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A topic from its beginning, as anybody's client sees it. Not thread-safe. */
final class RawTopic implements AutoCloseable {
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

  RawTopic(Servers servers, String name) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers.kafka(), "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(
        consumer.partitionsFor(name).stream()
            .map(found -> new TopicPartition(found.topic(), found.partition()))
            .toList());
  }

  /** Everything so far, once there is such a record. */
  List<ConsumerRecord<String, byte[]>> until(
      String what, Predicate<ConsumerRecord<String, byte[]>> wanted) {
    Await.until(
        what,
        () -> {
          consumer.poll(Duration.ofMillis(50)).forEach(seen::add);
          return seen.stream().anyMatch(wanted);
        });
    return List.copyOf(seen);
  }

  /** The first such record. */
  ConsumerRecord<String, byte[]> await(
      String what, Predicate<ConsumerRecord<String, byte[]>> wanted) {
    return until(what, wanted).stream().filter(wanted).findFirst().orElseThrow();
  }

  static Map<String, String> headers(ConsumerRecord<String, byte[]> of) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : of.headers()) {
      headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
    }
    return headers;
  }

  /** Whether it is an event of this type. */
  static boolean isA(ConsumerRecord<String, byte[]> event, String type) {
    return type.equals(headers(event).get("ce_type"));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
