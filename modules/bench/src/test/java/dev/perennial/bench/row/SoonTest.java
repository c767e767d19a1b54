package dev.perennial.bench.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.bench.bed.BedException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SoonTest {
  private final AtomicInteger closed = new AtomicInteger();

  @Test
  void itStartsBesideAndIsEndedAlsoWhereNobodyAskedForIt() {
    CountDownLatch asked = new CountDownLatch(1);
    Soon<AutoCloseable> soon =
        Soon.of(() -> {
          awaited(asked);
          return closed::incrementAndGet;
        });
    asked.countDown(); // not reached where it started on this thread
    soon.close();
    assertThat(closed).hasValue(1);
  }

  @Test
  void whyItDidNotStartIsSaid() {
    try (Soon<AutoCloseable> soon = Soon.of(SoonTest::fails)) {
      assertThatThrownBy(soon::get).isInstanceOf(BedException.class).hasMessage("no port is free");
    }
  }

  private static AutoCloseable fails() {
    throw new BedException("no port is free");
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
