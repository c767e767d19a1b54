package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReachabilityTest {
  private final AtomicLong now = new AtomicLong();
  private final Reachability reachability =
      new Reachability("Kafka at nowhere:1", Duration.ofSeconds(4), now::get);

  @Test
  void beforeTheFirstContactNothingIsReachable() {
    reachability.note(0);
    assertThat(reachability.reachable()).isFalse();
    reachability.note(10);
    assertThat(reachability.reachable()).isTrue();
  }

  @Test
  void silenceIsAnOutageAndTheFirstByteEndsIt() {
    reachability.note(10);
    after(3);
    reachability.note(10);
    assertThat(reachability.reachable()).isTrue();
    after(1);
    reachability.note(10);
    assertThat(reachability.reachable()).isFalse();
    reachability.note(11);
    assertThat(reachability.reachable()).isTrue();
  }

  @Test
  void whoWasPausedIsNotFreshEvenBeforeTheNextPoll() {
    reachability.note(10);
    after(5);
    assertThat(reachability.reachable()).isTrue();
    assertThat(reachability.fresh()).isFalse();
  }

  @Test
  void aNewConsumerThatCountsFromZeroIsHeardAgain() {
    reachability.note(1000);
    reachability.note(0);
    after(5);
    reachability.note(1);
    assertThat(reachability.fresh()).isTrue();
  }

  private void after(int seconds) {
    now.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
