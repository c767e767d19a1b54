package dev.perennial.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
  private static final TopicPartition KEPT = new TopicPartition("kept", 0);

  @Test
  void recordsSurviveAKillAndARestart(@TempDir Path directory) throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
      String before = kafka.bootstrapServers();
      long killed = kafka.pid();
      if (Files.exists(Path.of("/proc/self/status"))) {
        assertThat(Processes.ignoresInterrupt(killed)).isTrue();
      }
      write(before, "yes");

      kafka.kill();
      assertThat(kafka.isAlive()).isFalse();
      assertThat(Processes.isRunning(killed)).isFalse();
      kafka.restart();

      assertThat(kafka.pid()).isNotEqualTo(killed);
      assertThat(kafka.bootstrapServers()).isEqualTo(before);
      assertThat(read(kafka.bootstrapServers())).containsExactly("yes");
    }
  }

  @Test
  void aFailedStartShowsTheEndOfTheLog(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("log"), "a file where a directory belongs");

    assertThatThrownBy(() -> EmbeddedKafka.start(directory, 0))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("The Kafka broker ended before")
        .hasMessageContaining("Exception");
  }

  private static void write(String servers, String value) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      NewTopic topic = new NewTopic(KEPT.topic(), Optional.of(1), Optional.empty());
      admin.createTopics(List.of(topic)).all().get(20, TimeUnit.SECONDS);
    }
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(KEPT.topic(), "key", value)).get(20, TimeUnit.SECONDS);
    }
  }

  private static List<String> read(String servers) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(KEPT));
      consumer.seekToBeginning(List.of(KEPT));
      ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(20));
      return records.records(KEPT).stream().map(record -> record.value()).toList();
    }
  }
}
