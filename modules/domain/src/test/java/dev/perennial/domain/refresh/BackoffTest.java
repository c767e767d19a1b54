package dev.perennial.domain.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
  private final Backoff backoff =
      new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(10), random);

  @Test
  void each_wait_is_within_the_upper_half_of_a_doubling_ceiling() {
    for (int failures = 0; failures < 200; failures++) {
      long ceiling = Math.min(600_000, 5_000L << Math.min(failures, 20));
      for (int round = 0; round < 50; round++) {
        assertThat(backoff.after(failures).toMillis()).isBetween(ceiling / 2, ceiling);
      }
    }
  }

  @Test
  void no_number_of_failures_overflows() {
    Backoff days = new Backoff(Duration.ofDays(1), Duration.ofDays(3_650), random);
    assertThat(days.after(Integer.MAX_VALUE))
        .isBetween(Duration.ofDays(1_825), Duration.ofDays(3_650));
    assertThat(backoff.after(-1)).isBetween(Duration.ofMillis(2_500), Duration.ofSeconds(5));
  }

  @Test
  void waits_are_spread() {
    assertThat(IntStream.range(0, 100).mapToObj(n -> backoff.after(10)).distinct().count())
        .isGreaterThan(90);
  }

  @Test
  void bounds_that_make_no_sense_are_refused() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), random))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), random))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
