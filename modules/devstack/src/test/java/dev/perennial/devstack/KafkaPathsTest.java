package dev.perennial.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaPathsTest {
  private static final String TOPIC = "walked";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void eachPathIsItsClientsOwnAndStaysSoAfterAKill(@TempDir Path directory) throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.startWithPaths(directory, 0, 2)) {
      String before = kafka.bootstrapServers(0);
      create(kafka.bootstrapServers());
      try (Client first = new Client(kafka.bootstrapServers(0));
          Client second = new Client(kafka.bootstrapServers(1))) {
        first.write("one");
        assertThat(first.read(1)).containsExactly("one");
        assertThat(second.read(1)).containsExactly("one");
        assertThat(advertised(kafka.bootstrapServers(1))).isEqualTo(kafka.proxy(1).port());

        kafka.proxy(0).block();
        assertThat(kafka.proxy(0).connections()).isZero();
        int carried = kafka.proxy(1).connections();
        assertThat(carried).as("producer, consumer and its coordinator").isGreaterThan(1);
        second.write("two");
        assertThat(second.read(1)).containsExactly("two");
        assertThat(kafka.proxy(0).connections()).isZero();

        kafka.proxy(0).unblock();
        assertThat(first.read(1)).containsExactly("two");
        kafka.proxy(0).cut();
        first.write("three");

        kafka.kill();
        kafka.restart();
        assertThat(kafka.bootstrapServers(0)).isEqualTo(before);
        second.write("four");
        assertThat(first.read(2)).containsExactly("three", "four");
        assertThat(second.read(2)).containsExactly("three", "four");
      }
    }
  }

  @Test
  void theProxiesEndWithTheBroker(@TempDir Path directory) {
    int port;
    try (EmbeddedKafka kafka = EmbeddedKafka.startWithPaths(directory, 0, 1)) {
      port = kafka.proxy(0).port();
      assertThat(Ports.isFree(port)).isFalse();
    }
    assertThat(Ports.isFree(port)).isTrue();
  }

  private static void create(String servers) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      NewTopic topic = new NewTopic(TOPIC, Optional.of(1), Optional.empty());
      admin.createTopics(List.of(topic)).all().get(20, TimeUnit.SECONDS);
    }
  }

  private static int advertised(String servers) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      return admin.describeCluster().nodes().get(20, TimeUnit.SECONDS).stream()
          .mapToInt(Node::port)
          .sum();
    }
  }

  /** A producer and a consumer in a group of its own that know one address only. */
  private static final class Client implements AutoCloseable {
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, String> consumer;

    Client(String servers) {
      this.producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", servers, "acks", "all"),
              new StringSerializer(),
              new StringSerializer());
      this.consumer =
          new KafkaConsumer<>(
              Map.of(
                  "bootstrap.servers",
                  servers,
                  "group.id",
                  servers.replace(':', '-'),
                  "auto.offset.reset",
                  "earliest"),
              new StringDeserializer(),
              new StringDeserializer());
      consumer.subscribe(List.of(TOPIC));
    }

    void write(String value) throws Exception {
      producer
          .send(new ProducerRecord<>(TOPIC, "key", value))
          .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    List<String> read(int records) {
      List<String> read = new ArrayList<>();
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (read.size() < records && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> read.add(record.value()));
      }
      return read;
    }

    @Override
    public void close() {
      producer.close(Duration.ofSeconds(5));
      consumer.close();
    }
  }
}
