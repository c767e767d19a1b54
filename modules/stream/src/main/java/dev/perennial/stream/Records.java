package dev.perennial.stream;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.event.EventMessage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Between Kafka's records and ours. */
final class Records {
  private Records() {}

  static EventMessage fromKafka(ConsumerRecord<byte[], byte[]> from) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : from.headers()) {
      byte[] value = header.value();
      headers.put(header.key(), value == null ? "" : text(value));
    }
    return new EventMessage(from.topic(), laneOf(from), headers, from.value());
  }

  /** The key as text: what the order of handling goes by. Records without a key share a lane. */
  static String laneOf(ConsumerRecord<byte[], byte[]> from) {
    byte[] key = from.key();
    return key == null ? "" : text(key);
  }

  /** Of a lane: its integration, or all of it where it names none. */
  static String integrationOf(String lane) {
    int end = lane.indexOf('/');
    return end < 0 ? lane : lane.substring(0, end);
  }

  /** Which connection it is about, where its key names one. */
  static Optional<ConnectionKey> about(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.of(ConnectionKey.parse(laneOf(record)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  static ProducerRecord<byte[], byte[]> toKafka(EventMessage message) {
    ProducerRecord<byte[], byte[]> to =
        new ProducerRecord<>(message.topic(), bytes(message.key()), message.value());
    message.headers().forEach((name, value) -> to.headers().add(name, bytes(value)));
    return to;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
