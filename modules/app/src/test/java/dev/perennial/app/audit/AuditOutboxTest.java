package dev.perennial.app.audit;

import static dev.perennial.app.audit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.event.AuditEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AuditOutboxTest {
  private static final Duration SOON = Duration.ofMillis(5);

  private final List<AuditEvent> published = new CopyOnWriteArrayList<>();
  private volatile boolean away;

  @Test
  void eventsArriveInTheirOrder() {
    try (AuditOutbox outbox = new AuditOutbox(this::publish, SOON, Duration.ofSeconds(30))) {
      IntStream.range(0, 1000).mapToObj(AuditEvents::event).forEach(outbox);
    }

    assertThat(published).extracting(AuditEvent::id).hasSize(1000).startsWith("0", "1", "2");
  }

  @Test
  void theyWaitWhileKafkaIsAwayAndComeThen() throws InterruptedException {
    away = true;
    CountDownLatch tried = new CountDownLatch(3);
    try (AuditOutbox outbox =
        new AuditOutbox(
            some -> {
              tried.countDown();
              publish(some);
            },
            SOON,
            Duration.ofSeconds(30))) {
      outbox.accept(event(1));
      assertThat(tried.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(published).isEmpty();
      away = false;
      outbox.accept(event(2));
    }

    assertThat(published).extracting(AuditEvent::id).containsExactly("1", "2");
  }

  @Test
  void whatDoesNotFitIsCountedAndNobodyWaits() throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch first = new CountDownLatch(1);
    AuditOutbox outbox =
        new AuditOutbox(
            some -> {
              first.countDown();
              await(held);
              publish(some);
            },
            SOON,
            Duration.ofSeconds(30));
    outbox.accept(event(0));
    assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
    IntStream.rangeClosed(1, AuditOutbox.MOST + 7).mapToObj(AuditEvents::event).forEach(outbox);

    assertThat(outbox.waiting()).as("with the one under way").isEqualTo(AuditOutbox.MOST + 1);
    assertThat(outbox.lost()).isEqualTo(7);
    held.countDown();
    outbox.close();
    assertThat(published).hasSize(AuditOutbox.MOST + 1);
  }

  @Test
  void closingWhileKafkaIsAwayEndsAndCountsWhatIsInTheLogAlone() {
    away = true;
    AuditOutbox outbox = new AuditOutbox(this::publish, SOON, Duration.ofMillis(100));
    IntStream.range(0, 5).mapToObj(AuditEvents::event).forEach(outbox);
    outbox.close();

    assertThat(outbox.lost()).isEqualTo(5);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void publish(List<AuditEvent> some) {
    if (away) {
      throw new UnavailableException("Kafka at localhost:1 does not answer.");
    }
    published.addAll(some);
  }
}
