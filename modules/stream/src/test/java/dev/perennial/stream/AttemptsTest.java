package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.UnavailableException;
import dev.perennial.event.EventMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(20)
@Execution(ExecutionMode.CONCURRENT)
class AttemptsTest {
  private final OwnedPartition owner = new OwnedPartition(3);
  private final AtomicInteger calls = new AtomicInteger();
  private final List<String> reasons = new ArrayList<>();

  @Test
  void aRecordThatIsHandledIsDone() {
    Attempts attempts = attempts(_ -> {});
    assertThat(attempts.run(message("k", "v"), owner)).isTrue();
    assertThat(attempts.handled()).isEqualTo(1);
  }

  @Test
  void whatIsUnavailableIsTriedAgainUntilItIsBack() {
    Attempts attempts =
        attempts(call -> {
          if (call < 5) {
            throw new UnavailableException("Redis at here:1 is away");
          }
        });
    assertThat(attempts.run(message("k", "v"), owner)).isTrue();
    assertThat(calls).hasValue(5);
    assertThat(reasons).isEmpty();
  }

  @Test
  void aFailureIsTriedFourTimesAndThenBuriedWithoutItsMessage() {
    Attempts attempts =
        attempts(_ -> {
          throw new IllegalStateException("token=s3cret");
        });
    assertThat(attempts.run(message("k", "v"), owner)).isTrue();
    assertThat(calls).hasValue(4);
    assertThat(reasons).singleElement().asString().contains("4 failures", "IllegalStateException");
    assertThat(reasons.getFirst()).doesNotContain("s3cret");
    assertThat(attempts.handled()).isZero();
    assertThat(attempts.buried()).isEqualTo(1);
  }

  @Test
  void anErrorDoesNotStopTheLane() {
    Attempts attempts =
        attempts(_ -> {
          throw new StackOverflowError();
        });
    assertThat(attempts.run(message("k", "v"), owner)).isTrue();
    assertThat(reasons).hasSize(1);
  }

  @Test
  void poisonIsBuriedAtOnce() {
    Attempts attempts =
        attempts(_ -> {
          throw new PoisonException("no such integration");
        });
    assertThat(attempts.run(message("k", "v"), owner)).isTrue();
    assertThat(calls).hasValue(1);
    assertThat(reasons).containsExactly("no such integration");
  }

  @Test
  void aRecordWithoutAKeyOrOfTooManyBytesIsBuriedUnseen() {
    Attempts attempts = attempts(_ -> {});
    assertThat(attempts.run(message(null, "v"), owner)).isTrue();
    String tooLong = "x".repeat(EventMessage.MAX_VALUE_BYTES + 1);
    assertThat(attempts.run(message("k", tooLong), owner)).isTrue();
    assertThat(calls).hasValue(0);
    assertThat(reasons).hasSize(2).first().isEqualTo("no key");
  }

  @Test
  void aTombstoneComesOnlyToWhoWantsIt() {
    assertThat(attempts(_ -> {}).run(message("k", null), owner)).isTrue();
    assertThat(calls).hasValue(0);
    List<EventMessage> seen = new ArrayList<>();
    RecordHandler wanting =
        new RecordHandler() {
          @Override
          public void handle(EventMessage message) {
            seen.add(message);
          }

          @Override
          public boolean wantsTombstones() {
            return true;
          }
        };
    Attempts attempts =
        new Attempts(wanting, (_, reason) -> reasons.add(reason), new Random(1), System::nanoTime);
    assertThat(attempts.run(message("k", null), owner)).isTrue();
    assertThat(seen).singleElement().matches(EventMessage::isTombstone);
  }

  @Test
  void whoWaitsGivesTheRecordBackAsSoonAsThePartitionIsLetGo() throws Exception {
    CountDownLatch tried = new CountDownLatch(1);
    Attempts attempts =
        attempts(_ -> {
          tried.countDown();
          throw new UnavailableException("away");
        });
    AtomicBoolean done = new AtomicBoolean(true);
    Thread handler =
        Thread.ofVirtual().start(() -> done.set(attempts.run(message("k", "v"), owner)));
    tried.await();
    owner.letGo();
    assertThat(handler.join(Duration.ofSeconds(10))).isTrue();
    assertThat(done).isFalse();
  }

  @Test
  void aDeadLetterTopicThatIsAwayIsTriedAgain() {
    AtomicInteger burials = new AtomicInteger();
    Attempts attempts =
        new Attempts(
            _ -> {
              throw new PoisonException("poison");
            },
            (_, _) -> {
              if (burials.incrementAndGet() < 3) {
                throw new UnavailableException("Kafka at here:1 is away");
              }
            },
            new Random(1),
            System::nanoTime);
    assertThat(attempts.run(message("k", "v"), owner)).isTrue();
    assertThat(burials).hasValue(3);
  }

  @Test
  void anInterruptDoesNotPassARecordOver() {
    Attempts attempts =
        attempts(call -> {
          Thread.currentThread().interrupt();
          if (call < 3) {
            throw new UnavailableException("away");
          }
        });
    assertThat(attempts.run(message("k", "v"), owner)).isTrue();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(calls).hasValue(3);
  }

  private Attempts attempts(IntConsumer handler) {
    return new Attempts(
        _ -> handler.accept(calls.incrementAndGet()),
        (_, reason) -> reasons.add(reason),
        new Random(1),
        System::nanoTime);
  }

  private static ConsumerRecord<byte[], byte[]> message(
      @Nullable String key, @Nullable String value) {
    return new ConsumerRecord<>("t", 3, 7, bytes(key), bytes(value));
  }

  @SuppressWarnings("NullAway") // Kafka's records have no key or no value by null
  private static byte[] bytes(@Nullable String text) {
    return text == null ? null : Records.bytes(text);
  }
}
