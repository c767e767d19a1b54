package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StepLineTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Reply DONE = new Reply(List.of(Arguments.keys("ok").getFirst()));

  @Test
  void whatComesAloneGoesAlone() {
    List<Integer> sizes = new ArrayList<>();
    StepLine line =
        new StepLine(
            LONG,
            steps -> {
              sizes.add(steps.size());
              steps.forEach(step -> step.answered(DONE));
            });
    assertThat(line.run(step()).verdict()).isEqualTo("ok");
    assertThat(line.run(step()).verdict()).isEqualTo("ok");
    assertThat(sizes).containsExactly(1, 1);
  }

  @Test
  void whatComesWhileAllSendersAreAwayGoesTogetherAndEachIsAnsweredOnce() throws Exception {
    int callers = 60;
    CountDownLatch back = new CountDownLatch(1);
    AtomicInteger sent = new AtomicInteger();
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    StepLine line =
        new StepLine(
            LONG,
            steps -> {
              sizes.add(steps.size());
              sent.addAndGet(steps.size());
              join(back);
              steps.forEach(step -> step.answered(DONE));
            });
    AtomicInteger answered = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= StepLine.SENDERS; i++) {
      threads.add(Thread.ofVirtual().start(() -> count(line, answered)));
      awaitSent(sent, i);
    }
    Semaphore asked = new Semaphore(0);
    for (int i = StepLine.SENDERS; i < callers; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                asked.release();
                count(line, answered);
              }));
    }
    asked.acquire(callers - StepLine.SENDERS);
    back.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(answered).hasValue(callers);
    assertThat(sent).hasValue(callers);
    assertThat(sizes).hasSizeLessThan(callers);
  }

  @Test
  void whoWaitsTooLongIsNeverSent() throws Exception {
    CountDownLatch back = new CountDownLatch(1);
    AtomicInteger sent = new AtomicInteger();
    StepLine line =
        new StepLine(
            Duration.ofSeconds(2),
            steps -> {
              sent.addAndGet(steps.size());
              join(back);
              steps.forEach(step -> step.answered(DONE));
            });
    List<Thread> senders = new ArrayList<>();
    for (int i = 1; i <= StepLine.SENDERS; i++) {
      senders.add(Thread.ofVirtual().start(() -> line.run(step())));
      awaitSent(sent, i);
    }
    assertThatThrownBy(() -> line.run(step()))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("too many wait");
    back.countDown();
    for (Thread sender : senders) {
      sender.join();
    }
    assertThat(line.run(step()).verdict()).isEqualTo("ok");
    assertThat(sent).hasValue(StepLine.SENDERS + 1);
  }

  @Test
  void whereASenderFallsOverItsStepsEndAndTheNextIsSent() {
    AtomicInteger sent = new AtomicInteger();
    StepLine line =
        new StepLine(
            LONG,
            steps -> {
              if (sent.incrementAndGet() == 1) {
                throw new AssertionError("not even an exception");
              }
              steps.forEach(step -> step.answered(DONE));
            });
    assertThatThrownBy(() -> line.run(step())).isInstanceOf(UnavailableException.class);
    assertThat(line.run(step()).verdict()).isEqualTo("ok");
  }

  private static void count(StepLine line, AtomicInteger answered) {
    if (line.run(step()).verdict().equals("ok")) {
      answered.incrementAndGet();
    }
  }

  private static void awaitSent(AtomicInteger sent, int wanted) {
    while (sent.get() < wanted) {
      assertThat(Thread.currentThread().isInterrupted()).as("waited too long").isFalse();
      Thread.onSpinWait();
    }
  }

  private static void join(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Step step() {
    return new Step(
        Script.FIND, 0, Arguments.keys("c:a", "shard"), Arguments.keys("base", "google/a"));
  }
}
