package dev.perennial.stream;

import static dev.perennial.stream.SharedKafka.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.RefreshDue;
import dev.perennial.event.EventCodec;
import dev.perennial.event.TopicSpec;
import dev.perennial.event.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@ExtendWith(SharedKafka.class)
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class KafkaEventPublisherTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final int EVENTS = 2_000;
  private final Topics topics = new Topics("published");
  private final EventCodec codec = new EventCodec(topics, "/test");

  @Test
  void whatThousandsOfThreadsSayArrivesOnceAndAsEvents() throws Exception {
    TopicAdmin admin = SharedKafka.admin();
    admin.create(List.of(new TopicSpec(topics.refreshDue(), 2, Map.of())), (short) 1);
    Queue<Event> heard = new ConcurrentLinkedQueue<>();
    WorkerSettings settings = SharedKafka.worker(topics.refreshDue(), topics.deadLetter());
    try (KafkaEventPublisher publisher =
            new KafkaEventPublisher(SharedKafka.settings(), codec, Duration.ofSeconds(20));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        KeyOrderedWorker worker =
            SharedKafka.start(settings, new EventRecordHandler(codec, heard::add))) {
      List<Future<?>> said =
          IntStream.range(0, EVENTS)
              .<Future<?>>mapToObj(i -> threads.submit(() -> publisher.publish(event(i))))
              .toList();
      for (Future<?> one : said) {
        one.get();
      }
      publisher.publishAsync(event(EVENTS)).join();
      eventually(() -> worker.handled() == EVENTS + 1);
    }
    assertThat(heard)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(0, EVENTS).<Event>mapToObj(i -> event(i)).toList());
  }

  @Test
  void aClosedPublisherRefuses() {
    KafkaEventPublisher publisher =
        new KafkaEventPublisher(SharedKafka.settings(), codec, Duration.ofSeconds(1));
    publisher.close();
    assertThatThrownBy(() -> publisher.publish(event(1))).hasMessageContaining("closed");
  }

  @Test
  void aDeliveryTimeoutBelowASecondIsRefused() {
    Duration tooShort = Duration.ofMillis(999);
    assertThatThrownBy(() -> new KafkaEventPublisher(SharedKafka.settings(), codec, tooShort))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static RefreshDue event(int i) {
    return new RefreshDue(
        new ConnectionKey("google", "c" + i % 100), i, RefreshDue.Cause.SCHEDULED, AT);
  }
}
