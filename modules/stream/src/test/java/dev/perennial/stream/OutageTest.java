package dev.perennial.stream;

import static dev.perennial.stream.SharedKafka.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.event.Event.RefreshDue;
import dev.perennial.event.EventCodec;
import dev.perennial.event.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

@ExtendWith(SharedKafka.class)
@Timeout(120)
@Isolated("takes the broker away")
class OutageTest {
  private static final RefreshDue EVENT =
      new RefreshDue(
          ConnectionKey.parse("google/acme"),
          1,
          RefreshDue.Cause.SCHEDULED,
          Instant.parse("2026-01-01T00:00:00Z"));

  @Test
  void theWorkerAndTheShardsComeBackWithTheBroker() {
    String topic = SharedKafka.topic(2);
    SharedKafka.produce(topic, 100, 10);
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    try (KeyOrderedWorker worker =
            SharedKafka.start(
                SharedKafka.worker(topic, "none"), message -> seen.add(Journal.number(message)));
        ShardOwnership shards =
            ShardOwnership.join(
                SharedKafka.settings(),
                "shards-of-" + topic,
                topic,
                Duration.ofSeconds(3),
                GroupProtocol.CLASSIC,
                _ -> {},
                new Random(1),
                System::nanoTime)) {
      eventually(() -> worker.handled() == 100 && shards.owned().size() == 2);

      SharedKafka.broker().kill();
      eventually(() -> shards.owned().isEmpty() && !shards.healthy() && !worker.healthy());

      SharedKafka.broker().restart();
      eventually(() -> worker.healthy() && shards.owned().size() == 2);
      SharedKafka.produce(topic, 150, 10);
      eventually(() -> seen.size() == 150);
    }
  }

  @Test
  void whatCannotBeSaidFailsInTimeAndNamesTheServers() {
    KafkaSettings nowhere = KafkaSettings.of("127.0.0.1:9", "test-nowhere");
    EventCodec codec = new EventCodec(Topics.DEFAULT, "/test");
    long began = System.nanoTime();
    try (KafkaEventPublisher publisher =
        new KafkaEventPublisher(nowhere, codec, Duration.ofSeconds(1))) {
      assertThatThrownBy(() -> publisher.publish(EVENT))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("127.0.0.1:9")
          .hasMessageContaining("perennial.refresh-due");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aWorkerWithoutKafkaIsUnhealthyAndStillCloses() {
    KafkaSettings nowhere = KafkaSettings.of("127.0.0.1:9", "test-nowhere");
    KeyOrderedWorker worker =
        KeyOrderedWorker.start(
            nowhere,
            SharedKafka.worker("topic-nowhere", "none"),
            _ -> {},
            SharedKafka.publisher(),
            new Random(1),
            System::nanoTime);
    assertThat(worker.healthy()).isFalse();
    worker.close(Duration.ofSeconds(1));
    assertThat(worker.partitions()).isEmpty();
  }

  @Test
  void aServerWhoseNameIsUnknownIsAnOutageToo() {
    KafkaSettings unknown = KafkaSettings.of("no-such-host.invalid:9092", "test-unknown");
    EventCodec codec = new EventCodec(Topics.DEFAULT, "/test");
    try (KafkaEventPublisher publisher =
        new KafkaEventPublisher(unknown, codec, Duration.ofSeconds(1))) {
      assertThatThrownBy(() -> publisher.publish(EVENT))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("no-such-host.invalid:9092");
    }
    assertThat(new TopicAdmin(unknown, Duration.ofSeconds(1)).reachable(Duration.ofSeconds(1)))
        .isFalse();
  }
}
