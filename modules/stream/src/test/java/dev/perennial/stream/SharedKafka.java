package dev.perennial.stream;

import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.event.EventCodec;
import dev.perennial.event.TopicSpec;
import dev.perennial.event.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One broker for all test classes, and a test's view of it. */
final class SharedKafka implements BeforeAllCallback {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final AtomicInteger NAMES = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // by beforeAll
  private static SharedKafka shared;

  @SuppressWarnings("NullAway.Init")
  private EmbeddedKafka broker;

  @SuppressWarnings("NullAway.Init")
  private KafkaEventPublisher publisher;

  private record Running(SharedKafka kafka) implements AutoCloseable {
    @Override
    public void close() {
      kafka.publisher.close();
      kafka.broker.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .computeIfAbsent(SharedKafka.class, _ -> start(), Running.class);
  }

  private Running start() {
    broker = EmbeddedKafka.startTemporary();
    publisher =
        new KafkaEventPublisher(
            settings(broker), new EventCodec(Topics.DEFAULT, "/test"), Duration.ofSeconds(30));
    shared = this;
    return new Running(this);
  }

  private static KafkaSettings settings(EmbeddedKafka broker) {
    return KafkaSettings.of(broker.bootstrapServers(), "test");
  }

  static EmbeddedKafka broker() {
    return shared.broker;
  }

  static KafkaSettings settings() {
    return settings(shared.broker);
  }

  static KafkaEventPublisher publisher() {
    return shared.publisher;
  }

  static TopicAdmin admin() {
    return new TopicAdmin(settings(), Duration.ofSeconds(20));
  }

  /** A topic of its own for a test. */
  static String topic(int partitions) {
    String name = "topic-" + NAMES.incrementAndGet();
    admin().create(List.of(new TopicSpec(name, partitions, Map.of())), (short) 1);
    return name;
  }

  static WorkerSettings worker(String topic, String deadLetterTopic) {
    return WorkerSettings.of("group-of-" + topic, topic, deadLetterTopic)
        .withTimes(Duration.ofSeconds(10), Duration.ofSeconds(3));
  }

  static KeyOrderedWorker start(WorkerSettings settings, RecordHandler handler) {
    return KeyOrderedWorker.start(
        settings(), settings, handler, publisher(), new Random(7), System::nanoTime);
  }

  /** Values {@code 0} to {@code count - 1} in order, the keys taking turns. */
  static void produce(String topic, int count, int keys) {
    AckedProducer producer = publisher().producer();
    var acks = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < count; i++) {
      acks.add(producer.send(new ProducerRecord<>(topic, Records.bytes("k" + i % keys), value(i))));
    }
    acks.forEach(CompletableFuture::join);
  }

  private static byte[] value(int number) {
    return Records.bytes(Integer.toString(number));
  }

  /** Reads a topic of one partition until so many records are there. */
  static List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", broker().bootstrapServers(), "auto.offset.reset", "earliest");
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      eventually(() -> {
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
        return all.size() >= count;
      });
    }
    return all;
  }

  /** Waits for a condition, with a bound. */
  static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + PATIENCE);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
