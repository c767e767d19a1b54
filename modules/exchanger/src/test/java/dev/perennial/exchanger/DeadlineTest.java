package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  private long nanos = 17;
  private Instant wall = Instant.parse("2026-03-01T12:00:00Z");
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(30), () -> nanos, () -> wall);

  @Test
  void isOverByTheMonotonicClockThoughTheWallClockWasSetBack() {
    nanos += Duration.ofSeconds(30).toNanos();
    wall = wall.minusSeconds(3600);

    assertThat(deadline.over()).isTrue();
  }

  @Test
  void isOverByTheWallClockThoughTheMachineWasSuspended() {
    wall = wall.plusSeconds(31);

    assertThat(deadline.over()).isTrue();
    assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(-1));
  }

  @Test
  void leavesWhatIsLeft() {
    nanos += Duration.ofSeconds(10).toNanos();
    wall = wall.plusSeconds(10);

    assertThat(deadline.over()).isFalse();
    assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(20));
    assertThat(deadline).hasToString("deadline of 30000 ms");
  }
}
