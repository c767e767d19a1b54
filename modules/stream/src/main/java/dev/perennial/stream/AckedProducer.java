package dev.perennial.stream;

import dev.perennial.domain.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * The one producer of a process: idempotent, acknowledged by all in-sync replicas. It is made at
 * the first record, and again where it has failed for good, so that a start without Kafka is no
 * failure. Thread-safe.
 */
final class AckedProducer implements AutoCloseable {
  private static final Duration FIRST_CONTACT = Duration.ofSeconds(5);

  /** The record is larger than the topic or the producer lets pass: no retry helps. */
  static final class TooLargeException extends IllegalArgumentException {
    TooLargeException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final KafkaSettings kafka;
  private final Duration delivery;
  private @Nullable Producer<byte[], byte[]> producer;
  private boolean closed;

  AckedProducer(KafkaSettings kafka, Duration delivery) {
    this.kafka = kafka;
    this.delivery = delivery;
  }

  /**
   * Fails with {@link UnavailableException} or {@link TooLargeException}, both within the delivery
   * timeout and the time of a first contact. May block for the latter.
   */
  CompletableFuture<@Nullable Void> send(ProducerRecord<byte[], byte[]> message) {
    return send(message, _ -> {});
  }

  private CompletableFuture<@Nullable Void> send(
      ProducerRecord<byte[], byte[]> message, LongConsumer offset) {
    CompletableFuture<@Nullable Void> acked = new CompletableFuture<>();
    try {
      Producer<byte[], byte[]> current = current();
      var _ =
          current.send(
              message,
              (stored, failure) -> {
                if (failure == null) {
                  offset.accept(stored.offset());
                }
                settle(acked, current, message.topic(), failure);
              });
    } catch (KafkaException | IllegalStateException e) {
      acked.completeExceptionally(unavailable(message.topic(), e));
    }
    return acked;
  }

  /**
   * Writes a record without key and value, waits for it as {@link #sendAndWait} does, and says
   * where it stands.
   */
  long mark(String topic, int partition) {
    AtomicLong offset = new AtomicLong();
    CompletableFuture<@Nullable Void> acked =
        send(new ProducerRecord<>(topic, partition, null, null), offset::set);
    await(acked, topic);
    return offset.get();
  }

  /** {@link #send}, waited for; failures are thrown. */
  void sendAndWait(ProducerRecord<byte[], byte[]> message) {
    sendAllAndWait(List.of(message));
  }

  /** All of them on their way before the first is waited for; the first failure is thrown. */
  void sendAllAndWait(List<ProducerRecord<byte[], byte[]>> messages) {
    List<CompletableFuture<@Nullable Void>> acked = messages.stream().map(this::send).toList();
    for (int i = 0; i < acked.size(); i++) {
      await(acked.get(i), messages.get(i).topic());
    }
  }

  private void await(CompletableFuture<@Nullable Void> acked, String topic) {
    try {
      acked.get();
    } catch (ExecutionException e) {
      throw rethrown(Failures.unwrapped(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(topic, e);
    }
  }

  /** With the stack of the caller, who is the one to find. */
  private static RuntimeException rethrown(Throwable failure) {
    return failure instanceof TooLargeException tooLarge
        ? new TooLargeException(String.valueOf(tooLarge.getMessage()), tooLarge)
        : new UnavailableException(String.valueOf(failure.getMessage()), failure);
  }

  private void settle(
      CompletableFuture<@Nullable Void> acked,
      Producer<byte[], byte[]> by,
      String topic,
      @Nullable Exception failure) {
    if (failure == null) {
      acked.complete(null);
      return;
    }
    if (failure instanceof RecordTooLargeException) {
      acked.completeExceptionally(
          new TooLargeException(topic + ": " + failure.getMessage(), failure));
      return;
    }
    if (isForGood(failure)) {
      replace(by);
    }
    acked.completeExceptionally(unavailable(topic, failure));
  }

  /** After anything that the producer neither retries nor blames on one record, it stays failed. */
  private static boolean isForGood(Exception failure) {
    return !(failure instanceof RetriableException)
        && !(failure instanceof TopicAuthorizationException)
        && !(failure instanceof InvalidTopicException);
  }

  private UnavailableException unavailable(String topic, Throwable failure) {
    return new UnavailableException(
        "Kafka at "
            + kafka.bootstrapServers()
            + " did not acknowledge a record on "
            + topic
            + " ("
            + Failures.describe(failure)
            + ")",
        failure);
  }

  private synchronized Producer<byte[], byte[]> current() {
    if (closed) {
      throw new IllegalStateException("the publisher is closed");
    }
    Producer<byte[], byte[]> current = producer;
    if (current == null) {
      Duration block = delivery.compareTo(FIRST_CONTACT) < 0 ? delivery : FIRST_CONTACT;
      current = new KafkaProducer<>(ClientProperties.producer(kafka, delivery, block));
      producer = current;
    }
    return current;
  }

  @SuppressWarnings("ReferenceEquality") // this very producer failed; its successor did not
  private synchronized void replace(Producer<byte[], byte[]> failed) {
    if (producer == failed) {
      producer = null;
      failed.close(Duration.ZERO);
    }
  }

  /** Waits for what is under way, at most the delivery timeout. */
  @Override
  public void close() {
    Producer<byte[], byte[]> last = last();
    if (last != null) {
      last.close(delivery);
    }
  }

  private synchronized @Nullable Producer<byte[], byte[]> last() {
    Producer<byte[], byte[]> last = producer;
    producer = null;
    closed = true;
    return last;
  }
}
