package dev.perennial.stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Copies records that nobody can handle to the dead-letter topic: key, value and headers as they
 * were, and beside them {@code perennial_dead_letter_reason}, {@code …_topic}, {@code …_partition}
 * and {@code …_offset}. Header names are public contract. Thread-safe.
 */
final class DeadLetters {
  static final String PREFIX = "perennial_dead_letter_";
  private static final int LONGEST_REASON = 500;

  private final AckedProducer producer;
  private final String topic;

  DeadLetters(AckedProducer producer, String topic) {
    this.producer = producer;
    this.topic = topic;
  }

  /**
   * Returns once it is acknowledged. A record that with its reason is too large for the topic is
   * copied without its value; topic, partition and offset still say where it lies.
   *
   * @throws dev.perennial.domain.UnavailableException where that did not happen in time
   */
  void bury(ConsumerRecord<byte[], byte[]> dead, String reason) {
    try {
      producer.sendAndWait(copy(dead, dead.value(), reason));
    } catch (AckedProducer.TooLargeException e) {
      producer.sendAndWait(copy(dead, null, reason + "; too large to copy its value"));
    }
  }

  private ProducerRecord<byte[], byte[]> copy(
      ConsumerRecord<byte[], byte[]> dead, byte @Nullable [] value, String reason) {
    ProducerRecord<byte[], byte[]> copy = new ProducerRecord<>(topic, dead.key(), value);
    dead.headers().forEach(copy.headers()::add);
    label(copy.headers(), "reason", printable(reason));
    label(copy.headers(), "topic", dead.topic());
    label(copy.headers(), "partition", Integer.toString(dead.partition()));
    label(copy.headers(), "offset", Long.toString(dead.offset()));
    return copy;
  }

  private static void label(Headers headers, String name, String value) {
    headers.remove(PREFIX + name).add(PREFIX + name, Records.bytes(value));
  }

  private static String printable(String reason) {
    String head = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) : reason;
    return head.replaceAll("\\p{Cntrl}", " ");
  }
}
