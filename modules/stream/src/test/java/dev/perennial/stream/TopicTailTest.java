package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.RefreshDue;
import dev.perennial.event.EventCodec;
import dev.perennial.event.TopicSpec;
import dev.perennial.event.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedKafka.class)
@Timeout(60)
class TopicTailTest {
  private static final int PARTITIONS = 4;

  private final Topics topics;
  private final EventCodec codec;
  private final KafkaEventPublisher publisher;
  private final Seen seen = new Seen();

  TopicTailTest(TestInfo test) {
    topics = new Topics("tail-" + test.getTestMethod().orElseThrow().getName());
    codec = new EventCodec(topics, "/test");
    publisher = new KafkaEventPublisher(SharedKafka.settings(), codec, Duration.ofSeconds(20));
  }

  @AfterEach
  void close() {
    publisher.close();
  }

  private static final class Seen implements TopicTail.Watcher {
    final BlockingQueue<Long> versions = new LinkedBlockingQueue<>();
    final CountDownLatch caughtUp = new CountDownLatch(1);
    final BlockingQueue<Boolean> answers = new LinkedBlockingQueue<>();

    @Override
    public void record(int partition, long offset, @Nullable Event event) {
      if (event instanceof RefreshDue due) {
        versions.add(due.version());
      }
    }

    @Override
    public void caughtUp() {
      caughtUp.countDown();
    }

    @Override
    public void reachable(boolean answers) {
      this.answers.add(answers);
    }
  }

  private void makeTopic() {
    SharedKafka.admin()
        .create(List.of(new TopicSpec(topics.refreshDue(), PARTITIONS, Map.of())), (short) 1);
  }

  private void say(long version) {
    publisher.publish(
        new RefreshDue(
            new ConnectionKey("google", "acme"),
            version,
            RefreshDue.Cause.SCHEDULED,
            Instant.EPOCH));
  }

  private TopicTail tail(int back) {
    return TopicTail.start(SharedKafka.settings(), topics.refreshDue(), codec, back, seen);
  }

  @Test
  void theLastOnesAreToldAndThenWhateverComes() throws Exception {
    makeTopic();
    for (long version = 1; version <= 10; version++) {
      say(version);
    }
    try (TopicTail _ = tail(3 * PARTITIONS)) {
      assertThat(seen.caughtUp.await(30, TimeUnit.SECONDS)).isTrue();
      List<Long> back = new ArrayList<>();
      seen.versions.drainTo(back);
      assertThat(back).containsExactly(8L, 9L, 10L); // all of one key, so of one partition
      say(11);
      assertThat(seen.versions.poll(30, TimeUnit.SECONDS)).isEqualTo(11);
    }
  }

  @Test
  void anEmptyTopicIsCaughtUpWithAtOnce() throws Exception {
    makeTopic();
    try (TopicTail _ = tail(100)) {
      assertThat(seen.caughtUp.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aTopicThatIsNotThereYetIsWaitedFor() throws Exception {
    try (TopicTail _ = tail(100)) {
      assertThat(seen.answers.poll(30, TimeUnit.SECONDS)).isFalse();
      makeTopic();
      assertThat(seen.answers.poll(40, TimeUnit.SECONDS)).isTrue();
      assertThat(seen.caughtUp.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
