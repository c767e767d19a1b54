package dev.perennial.stream;

import static dev.perennial.stream.SharedKafka.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.UnavailableException;
import dev.perennial.event.EventMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@ExtendWith(SharedKafka.class)
@Timeout(90)
@Execution(ExecutionMode.CONCURRENT)
class KeyOrderedWorkerTest {
  private static final int MILLI = 1_000_000;
  private final Journal journal = new Journal();

  @Test
  void handlersOverlapAcrossKeysAndNeverWithinOne() {
    String topic = SharedKafka.topic(4);
    SharedKafka.produce(topic, 2_000, 50);
    try (KeyOrderedWorker worker = SharedKafka.start(settings(topic), working(3))) {
      eventually(() -> worker.handled() == 2_000);
      eventually(() -> worker.lag().values().stream().mapToLong(Long::longValue).sum() == 0);
      assertThat(worker.partitions()).containsExactlyInAnyOrder(0, 1, 2, 3);
      assertThat(worker.healthy()).isTrue();
    }
    journal.assertNoKeyOverlapped();
    journal.assertKeysInOrder();
    journal.assertEachStartedOnce(2_000);
    assertThat(journal.mostTogether()).isBetween(5, 50);
  }

  @Test
  void noMoreHandlersRunThanAllowedAndFullPartitionsArePausedAndResumed() {
    String topic = SharedKafka.topic(1);
    SharedKafka.produce(topic, 3_000, 600);
    try (KeyOrderedWorker worker =
        SharedKafka.start(settings(topic).withLimits(7, 20), working(0))) {
      eventually(() -> worker.handled() == 3_000);
    }
    journal.assertEachStartedOnce(3_000);
    assertThat(journal.mostTogether()).isLessThanOrEqualTo(7);
  }

  @Test
  void aCrowdWaitsForPlacesOfItsIntegrationAndOthersPass() {
    Crowd crowd = new Crowd();
    try (KeyOrderedWorker _ = crowd.start(Duration.ofHours(1))) {
      eventually(() -> crowd.started.contains("other/a"));
      assertThat(crowd.started).contains("slow/a").doesNotContain("slow/b");
      crowd.end.countDown();
      eventually(() -> crowd.started.contains("slow/b"));
    }
  }

  @Test
  void whatHasWaitedLongForAPlaceIsHandledAllTheSame() {
    Crowd crowd = new Crowd();
    try (KeyOrderedWorker _ = crowd.start(Duration.ofMillis(1))) {
      eventually(() -> crowd.started.contains("slow/b"));
      crowd.end.countDown();
    }
  }

  /** Two records of an integration that has one place, and one of another behind them. */
  private static final class Crowd {
    final Set<String> started = ConcurrentHashMap.newKeySet();
    final CountDownLatch end = new CountDownLatch(1);
    private final String topic = SharedKafka.topic(1);

    Crowd() {
      for (String key : List.of("slow/a", "slow/b", "other/a")) {
        SharedKafka.publisher()
            .producer()
            .sendAndWait(new ProducerRecord<>(topic, Records.bytes(key), Records.bytes("0")));
      }
    }

    KeyOrderedWorker start(Duration patience) {
      return SharedKafka.start(settings(topic).withPlaces(1, patience), this::handle);
    }

    private void handle(EventMessage message) {
      started.add(message.key());
      if (message.key().startsWith("slow")) {
        awaited(end);
      }
    }
  }

  @Test
  void whoJoinsAndLeavesStartsNothingTwice() {
    String topic = SharedKafka.topic(8);
    SharedKafka.produce(topic, 2_000, 40);
    try (KeyOrderedWorker stays = SharedKafka.start(settings(topic), working(60))) {
      eventually(() -> stays.handled() > 50);
      KeyOrderedWorker guest = SharedKafka.start(settings(topic), working(60));
      eventually(() -> guest.handled() > 50);
      assertThat(guest.partitions()).isNotEmpty().doesNotContainAnyElementsOf(stays.partitions());
      guest.close();
      assertThat(guest.inFlight()).isZero();
      eventually(() -> stays.handled() + guest.handled() == 2_000);
    }
    journal.assertNoKeyOverlapped();
    journal.assertEachStartedOnce(2_000);
  }

  @Test
  void poisonGoesToTheDeadLetterTopicAndThePartitionMovesOn() {
    String topic = SharedKafka.topic(1);
    String dead = SharedKafka.topic(1);
    AckedProducer producer = SharedKafka.publisher().producer();
    ProducerRecord<byte[], byte[]> poison =
        new ProducerRecord<>(topic, Records.bytes("k0"), Records.bytes("not a number"));
    poison.headers().add("ce_id", Records.bytes("id-1"));
    producer.sendAndWait(poison);
    producer.sendAndWait(new ProducerRecord<>(topic, Records.bytes("keyless")));
    SharedKafka.produce(topic, 10, 1);
    RecordHandler handler =
        message -> {
          if (message.headers().containsKey("ce_id")) {
            throw new PoisonException("not an event");
          }
          journal.handle(message, () -> {});
        };
    try (KeyOrderedWorker worker = SharedKafka.start(SharedKafka.worker(topic, dead), handler)) {
      eventually(() -> worker.handled() == 10 && worker.deadLettered() == 2);
      eventually(() -> worker.lag().containsValue(0L));
    }
    List<ConsumerRecord<byte[], byte[]>> letters = SharedKafka.read(dead, 2);
    ConsumerRecord<byte[], byte[]> letter =
        letters.stream().filter(one -> one.key() != null).findFirst().orElseThrow();
    assertThat(text(letter.key())).isEqualTo("k0");
    assertThat(text(letter.value())).isEqualTo("not a number");
    assertThat(header(letter, "ce_id")).isEqualTo("id-1");
    assertThat(header(letter, "perennial_dead_letter_reason")).isEqualTo("not an event");
    assertThat(header(letter, "perennial_dead_letter_topic")).isEqualTo(topic);
    assertThat(header(letter, "perennial_dead_letter_partition")).isEqualTo("0");
    assertThat(header(letter, "perennial_dead_letter_offset")).isEqualTo("0");
    assertThat(letters)
        .anyMatch(one -> header(one, "perennial_dead_letter_reason").equals("no key"));
  }

  @Test
  void aKeyThatWaitsHoldsUpNobodyElseAndItsOffsetIsNotCommitted() {
    String topic = SharedKafka.topic(1);
    SharedKafka.produce(topic, 200, 20);
    CountDownLatch back = new CountDownLatch(1);
    AtomicInteger refusals = new AtomicInteger();
    RecordHandler handler =
        message -> {
          if (message.key().equals("k0") && back.getCount() > 0) {
            refusals.incrementAndGet();
            throw new UnavailableException("Redis at nowhere:1 is away");
          }
          journal.handle(message, () -> {});
        };
    try (KeyOrderedWorker worker = SharedKafka.start(settings(topic), handler)) {
      eventually(() -> worker.handled() == 190 && refusals.get() > 2);
      assertThat(worker.inFlight()).isEqualTo(1);
      eventually(() -> worker.lag().containsValue(200L));
      back.countDown();
      eventually(() -> worker.handled() == 200 && worker.lag().containsValue(0L));
    }
    journal.assertEachStartedOnce(200);
    journal.assertKeysInOrder();
  }

  @Test
  void closingWaitsForRunningHandlersAndTheNextOneGoesOnBehindThem() throws Exception {
    String topic = SharedKafka.topic(1);
    SharedKafka.produce(topic, 20, 4);
    CountDownLatch running = new CountDownLatch(4);
    CountDownLatch release = new CountDownLatch(1);
    Set<Integer> first = ConcurrentHashMap.newKeySet();
    KeyOrderedWorker worker =
        SharedKafka.start(
            settings(topic),
            message -> {
              running.countDown();
              awaited(release);
              first.add(Journal.number(message));
            });
    running.await();
    Thread closing = Thread.ofPlatform().start(worker::close);
    eventually(() -> worker.partitions().isEmpty());
    release.countDown();
    assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
    assertThat(first).as("nothing started while closing").containsExactlyInAnyOrder(0, 1, 2, 3);

    try (KeyOrderedWorker next = SharedKafka.start(settings(topic), working(0))) {
      eventually(() -> next.handled() == 16);
    }
    assertThat(journal.starts()).isEqualTo(16);
  }

  @Test
  void handlersThatOutlastTheDrainAreLeftUncommitted() {
    String topic = SharedKafka.topic(1);
    SharedKafka.produce(topic, 3, 3);
    CountDownLatch never = new CountDownLatch(1);
    KeyOrderedWorker stuck =
        SharedKafka.start(
            settings(topic),
            message -> {
              if (Journal.number(message) == 1) {
                awaited(never);
              }
            });
    eventually(() -> stuck.handled() == 2);
    stuck.close(Duration.ofMillis(50));
    assertThat(stuck.inFlight()).isEqualTo(1);
    try (KeyOrderedWorker next = SharedKafka.start(settings(topic), working(0))) {
      eventually(() -> next.handled() == 2);
    }
    never.countDown();
  }

  @Test
  void theBrokersOwnGroupProtocolServesToo() {
    String topic = SharedKafka.topic(2);
    SharedKafka.produce(topic, 100, 10);
    try (KeyOrderedWorker worker =
        SharedKafka.start(settings(topic).withProtocol(GroupProtocol.CONSUMER), working(1))) {
      eventually(() -> worker.handled() == 100);
      assertThat(worker.healthy()).isTrue();
    }
    journal.assertEachStartedOnce(100);
    SharedKafka.produce(topic, 10, 10);
    try (KeyOrderedWorker next =
        SharedKafka.start(settings(topic).withProtocol(GroupProtocol.CONSUMER), _ -> {})) {
      eventually(() -> next.handled() == 10 && next.lag().values().stream().allMatch(l -> l == 0));
    }
  }

  private RecordHandler working(int millis) {
    return message -> journal.handle(message, () -> LockSupport.parkNanos((long) millis * MILLI));
  }

  private static WorkerSettings settings(String topic) {
    return SharedKafka.worker(topic, "dead-letter-of-none");
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> from, String name) {
    return text(from.headers().lastHeader(name).value());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
