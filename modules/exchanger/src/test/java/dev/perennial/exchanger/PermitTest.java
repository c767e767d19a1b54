package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.definition.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PermitTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("sim/acme");
  private static final RateLimit LIMIT = new RateLimit(10, Duration.ofMinutes(1), false);
  private static final long HALF = LIMIT.underWay().dividedBy(2).toNanos();

  private final TestLimits limits = new TestLimits();
  private final Insistence insistence = new Insistence(new Random(1));
  private long now = Long.MAX_VALUE - 5; // as any clock of its kind may stand
  private final Deadline deadline =
      Deadline.after(Duration.ofSeconds(5), () -> now, () -> Instant.EPOCH);

  @Test
  void it_is_not_asked_for_again_while_it_is_fresh() {
    Permit permit = permit(LIMIT);
    assertThat(permit.ask()).isZero();
    now += HALF - 1;
    assertThat(permit.holds(deadline)).isTrue();
    assertThat(limits.asked).isEqualTo(1);

    now++;
    assertThat(permit.holds(deadline)).isTrue();
    assertThat(limits.asked).isEqualTo(2);
    assertThat(permit.holds(deadline)).isTrue();
    assertThat(limits.asked).isEqualTo(2);
    assertThat(limits.permits).containsExactly("p1");
  }

  @Test
  void one_that_is_too_late_waits_for_another_as_long_as_the_deadline_lets_it() {
    Permit permit = permit(LIMIT);
    permit.ask();
    now += HALF;
    limits.next(Duration.ofMillis(1), Duration.ofMinutes(1));
    assertThat(permit.holds(deadline)).isFalse();
    assertThat(limits.asked).isEqualTo(3);
  }

  @Test
  void where_it_cannot_be_asked_for_again_the_first_one_has_to_do() {
    Permit permit = permit(LIMIT);
    permit.ask();
    now += HALF;
    limits.onTake =
        () -> {
          throw new UnavailableException("no store");
        };
    assertThat(permit.holds(deadline)).isTrue();
  }

  @Test
  void without_a_limit_nobody_is_asked() {
    Permit permit = permit(null);
    assertThat(permit.ask()).isZero();
    now += HALF;
    assertThat(permit.holds(deadline)).isTrue();
    assertThat(limits.asked).isZero();
  }

  private Permit permit(@Nullable RateLimit limit) {
    return new Permit(limits, KEY, limit, "p1", insistence, () -> now);
  }
}
