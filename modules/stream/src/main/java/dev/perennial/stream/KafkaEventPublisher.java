package dev.perennial.stream;

import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventPublisher;
import dev.perennial.event.EventCodec;
import dev.perennial.event.EventMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Says events on Kafka with one idempotent producer that waits for all in-sync replicas. What many
 * threads say at once travels in batches; a lone event does not wait for company. Made without
 * contact: Kafka may come later. Thread-safe, and at home on thousands of virtual threads.
 */
public final class KafkaEventPublisher implements EventPublisher, AutoCloseable {
  private final EventCodec codec;
  private final Tracing tracing;
  private final AckedProducer producer;

  /** Without traces. */
  public KafkaEventPublisher(KafkaSettings kafka, EventCodec codec, Duration delivery) {
    this(kafka, codec, delivery, Tracing.NONE);
  }

  /**
   * @param delivery within which an event is acknowledged or given up, 1 s or more; where there was
   *     no contact yet, up to 5 s come on top
   * @param tracing each event carries the trace of the thread that says it, or one of its own
   * @throws IllegalArgumentException where the delivery timeout is out of range
   */
  public KafkaEventPublisher(
      KafkaSettings kafka, EventCodec codec, Duration delivery, Tracing tracing) {
    if (delivery.toMillis() < 1_000 || delivery.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "delivery timeout: " + delivery + ", expected 1 s or more");
    }
    this.codec = codec;
    this.tracing = tracing;
    this.producer = new AckedProducer(kafka, delivery);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException where the event is larger than a record may be
   */
  @Override
  public void publish(Event event) {
    producer.sendAndWait(encoded(event));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException where an event is larger than a record may be
   */
  @Override
  public void publishAll(List<? extends Event> events) {
    List<ProducerRecord<byte[], byte[]>> records = events.stream().map(this::encoded).toList();
    producer.sendAllAndWait(records);
  }

  /** Publishes records that are no {@link Event}s, as {@link #publishAll} does. */
  public void publishRecords(List<EventMessage> messages) {
    producer.sendAllAndWait(messages.stream().map(this::traced).toList());
  }

  /**
   * {@link #publish} without waiting for the acknowledgement; events of one key said by one thread
   * stay in order. Ends with {@link dev.perennial.domain.UnavailableException} where it was not
   * acknowledged in time. May block up to 5 s where there was no contact yet.
   *
   * @throws IllegalArgumentException where the event is larger than a record may be
   */
  public CompletableFuture<@Nullable Void> publishAsync(Event event) {
    return producer.send(encoded(event));
  }

  private ProducerRecord<byte[], byte[]> encoded(Event event) {
    return traced(codec.encode(event));
  }

  private ProducerRecord<byte[], byte[]> traced(EventMessage message) {
    return Records.toKafka(message.withHeaders(tracing.written(message.topic())));
  }

  Tracing tracing() {
    return tracing;
  }

  /** For records that are copied and not said. */
  AckedProducer producer() {
    return producer;
  }

  /** Waits for what is under way, at most the delivery timeout. */
  @Override
  public void close() {
    producer.close();
  }
}
