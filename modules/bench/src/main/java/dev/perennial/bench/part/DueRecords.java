package dev.perennial.bench.part;

import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.RefreshDue.Cause;
import dev.perennial.event.EventCodec;
import dev.perennial.event.Topics;
import dev.perennial.stream.KafkaEventPublisher;
import dev.perennial.stream.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A topic of {@code refresh-due} on a broker of its own, filled by the publisher of production. */
final class DueRecords implements AutoCloseable {
  /** Each connection has several, far apart. */
  static final int COUNT = 200_000;

  private static final int CONNECTIONS = 50_000;
  private static final int TOGETHER = 10_000;
  private static final int PARTITIONS = 8;
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

  private final EmbeddedKafka kafka = EmbeddedKafka.startTemporary();
  private final KafkaEventPublisher publisher =
      new KafkaEventPublisher(
          settings(), new EventCodec(Topics.DEFAULT, "/bench"), Duration.ofSeconds(60));

  DueRecords() throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(topic(), PARTITIONS, (short) 1))).all().get();
    }
    for (int from = 0; from < COUNT; from += TOGETHER) {
      publisher.publishAll(
          IntStream.range(from, from + TOGETHER).mapToObj(DueRecords::event).toList());
    }
  }

  private static Event event(int number) {
    ConnectionKey key = new ConnectionKey("google", "c" + number % CONNECTIONS);
    return new Event.RefreshDue(key, 1 + number / CONNECTIONS, Cause.SCHEDULED, THEN);
  }

  static String topic() {
    return Topics.DEFAULT.refreshDue();
  }

  static int partitions() {
    return PARTITIONS;
  }

  KafkaSettings settings() {
    return KafkaSettings.of(kafka.bootstrapServers(), "bench");
  }

  KafkaEventPublisher publisher() {
    return publisher;
  }

  @Override
  public void close() {
    publisher.close();
    kafka.close();
  }
}
