package dev.perennial.domain.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.definition.ReuseWindow;
import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttemptTimesTest {
  private static final AttemptTimes TIMES = AttemptTimes.DEFAULT;

  @ParameterizedTest
  @CsvSource({"0,120,150,60", "30,120,150,0", "120,120,150,60", "30,150,150,60", "30,160,150,60"})
  void times_that_do_not_go_together_are_refused(
      int deadline, int lease, int reemit, int delivery) {
    assertThatThrownBy(() ->
            new AttemptTimes(
                Duration.ofSeconds(deadline),
                Duration.ofSeconds(lease),
                Duration.ofSeconds(reemit),
                Duration.ofSeconds(delivery)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void without_a_window_or_with_an_endless_one_the_lease_is_its_own() {
    assertThat(TIMES.leaseWithin(ReuseWindow.NONE)).isEqualTo(TIMES.lease());
    assertThat(TIMES.leaseWithin(ReuseWindow.ALWAYS)).isEqualTo(TIMES.lease());
    assertThat(TIMES.fits(ReuseWindow.NONE)).isTrue();
    assertThat(TIMES.fits(ReuseWindow.ALWAYS)).isTrue();
  }

  @Test
  void a_wide_window_leaves_the_lease_alone_and_a_narrow_one_shortens_it() {
    assertThat(TIMES.leaseWithin(ReuseWindow.of(Duration.ofMinutes(10)))).isEqualTo(TIMES.lease());
    assertThat(TIMES.leaseWithin(ReuseWindow.of(Duration.ofSeconds(100))))
        .isEqualTo(Duration.ofMillis(69_999));
  }

  @Test
  void a_window_in_which_no_retry_can_land_does_not_fit() {
    assertThat(TIMES.fits(ReuseWindow.of(Duration.ofSeconds(60)))).isFalse();
    assertThat(TIMES.fits(ReuseWindow.of(Duration.ofSeconds(61)))).isTrue();
    assertThat(TIMES.fits(ReuseWindow.of(Duration.ofSeconds(1)))).isFalse();
  }

  @Test
  void where_a_window_fits_a_retry_after_the_lease_ends_inside_it() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
    for (int round = 0; round < 5_000; round++) {
      ReuseWindow window = ReuseWindow.of(Duration.ofMillis(1 + random.nextLong(600_000)));
      if (TIMES.fits(window)) {
        Duration lease = TIMES.leaseWithin(window);
        assertThat(lease).isGreaterThan(TIMES.deadline()).isLessThanOrEqualTo(TIMES.lease());
        assertThat(lease.plus(TIMES.deadline())).isLessThan(window.length());
      }
    }
  }
}
