package dev.perennial.domain.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.ReuseWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshPolicyTest {
  private static final ConnectionKey KEY = new ConnectionKey("google", "acme");
  private static final Instant ISSUED = Instant.parse("2026-01-01T00:00:00Z");
  private static final RefreshPolicy EXACT = new RefreshPolicy(0.75, null, 0);

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);

  @Test
  void three_quarters_of_the_life_is_the_default() {
    assertThat(due(EXACT, Duration.ofHours(1), Lifetime.UNSAID)).isEqualTo(Duration.ofMinutes(45));
  }

  @Test
  void a_margin_takes_the_place_of_the_share() {
    RefreshPolicy margin = new RefreshPolicy(0.75, Duration.ofMinutes(5), 0);
    assertThat(due(margin, Duration.ofHours(1), Lifetime.UNSAID)).isEqualTo(Duration.ofMinutes(55));
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 400, 599})
  void a_margin_about_as_long_as_the_life_leaves_half_of_it(int lifeSeconds) {
    RefreshPolicy margin = new RefreshPolicy(0.75, Duration.ofMinutes(5), 0);
    assertThat(due(margin, Duration.ofSeconds(lifeSeconds), Lifetime.UNSAID))
        .isEqualTo(Duration.ofMillis(lifeSeconds * 500L));
  }

  @Test
  void jitter_moves_earlier_and_by_at_most_its_part_of_the_life() {
    for (int round = 0; round < 5_000; round++) {
      Duration life = Duration.ofMillis(random.nextLong(Duration.ofDays(90).toMillis()));
      ConnectionKey key = new ConnectionKey("google", "c" + random.nextInt(1_000_000));
      Instant end = ISSUED.plus(life);
      Instant exact = EXACT.dueAt(key, ISSUED, end, true, Lifetime.UNSAID);
      Instant due = RefreshPolicy.DEFAULT.dueAt(key, ISSUED, end, true, Lifetime.UNSAID);
      Duration earliest = Duration.ofMillis(life.toMillis() / 20);
      assertThat(due).isBetween(Objects.requireNonNull(exact).minus(earliest), exact);
    }
  }

  @Test
  void jitter_is_the_same_for_a_connection_and_spreads_many_of_them() {
    assertThat(hourly(KEY)).isEqualTo(hourly(KEY));
    long tenths =
        IntStream.range(0, 1_000)
            .mapToObj(n -> hourly(new ConnectionKey("google", "c" + n)))
            .map(due -> due.toSeconds() / 18)
            .distinct()
            .count();
    assertThat(tenths).as("tenths of the jitter's 180 s that are used").isGreaterThanOrEqualTo(10);
  }

  private static Duration hourly(ConnectionKey key) {
    Instant end = ISSUED.plus(Duration.ofHours(1));
    Instant due = RefreshPolicy.DEFAULT.dueAt(key, ISSUED, end, true, Lifetime.UNSAID);
    return Duration.between(ISSUED, Objects.requireNonNull(due));
  }

  @ParameterizedTest
  @CsvSource({"30s is the window of a 10 minute token, 600, 30, 570", "a wide one, 600, 500, 450"})
  void never_before_the_refresh_window_opens(
      String what, int lifeSeconds, int windowSeconds, int dueSeconds) {
    Lifetime lifetime =
        new Lifetime(null, null, null, Duration.ofSeconds(windowSeconds), ReuseWindow.NONE);
    assertThat(due(EXACT, Duration.ofSeconds(lifeSeconds), lifetime))
        .as(what)
        .isEqualTo(Duration.ofSeconds(dueSeconds));
  }

  @Test
  void a_refresh_token_with_an_idle_life_is_kept_alive() {
    Lifetime idle = new Lifetime(null, Duration.ofDays(60), null, null, ReuseWindow.NONE);
    assertThat(due(EXACT, null, idle)).as("permanent token").isEqualTo(Duration.ofDays(45));
    assertThat(due(EXACT, Duration.ofDays(90), idle))
        .as("access token that outlives it")
        .isEqualTo(Duration.ofDays(45));
    assertThat(due(EXACT, Duration.ofHours(1), idle))
        .as("access token that ends before it")
        .isEqualTo(Duration.ofMinutes(45));
  }

  /** A window counts back from an end, and where none is stated there is nothing to count from. */
  @Test
  void a_window_keeps_nobody_from_refreshing_a_token_that_states_no_end() {
    Lifetime lifetime =
        new Lifetime(null, Duration.ofDays(60), null, Duration.ofMinutes(5), ReuseWindow.NONE);
    assertThat(due(EXACT, null, lifetime)).isEqualTo(Duration.ofDays(45));
    assertThat(due(EXACT, Duration.ofDays(90), lifetime))
        .as("one that outlives its refresh token, but may only be refreshed at its end")
        .isEqualTo(Duration.ofDays(90).minusMinutes(5));
  }

  @Test
  void a_permanent_token_is_never_due() {
    assertThat(RefreshPolicy.DEFAULT.dueAt(KEY, ISSUED, null, true, Lifetime.UNSAID)).isNull();
    assertThat(RefreshPolicy.DEFAULT.dueAt(KEY, ISSUED, null, false, Lifetime.UNSAID)).isNull();
  }

  @Test
  void what_nothing_can_refresh_is_due_when_it_expires() {
    Instant end = ISSUED.plus(Duration.ofHours(1));
    Lifetime idle = new Lifetime(null, Duration.ofDays(60), null, null, ReuseWindow.NONE);
    assertThat(RefreshPolicy.DEFAULT.dueAt(KEY, ISSUED, end, false, idle)).isEqualTo(end);
  }

  @Test
  void a_due_time_lies_between_issue_and_expiry() {
    for (int round = 0; round < 5_000; round++) {
      Duration life = Duration.ofMillis(2_000 + random.nextLong(Duration.ofDays(2).toMillis()));
      RefreshPolicy policy =
          new RefreshPolicy(
              0.01 + random.nextDouble(0.98), upToADayOrNull(), random.nextDouble(0.05));
      Lifetime lifetime =
          new Lifetime(null, upToADayOrNull(), null, upToADayOrNull(), ReuseWindow.NONE);
      assertThat(due(policy, life, lifetime))
          .as("%s %s %s", policy, life, lifetime)
          .isBetween(Duration.ZERO, life);
    }
  }

  @Test
  void a_token_that_came_expired_is_not_tried_again_at_once() {
    Instant past = ISSUED.minusSeconds(5);
    assertThat(RefreshPolicy.DEFAULT.dueAt(KEY, ISSUED, past, true, Lifetime.UNSAID))
        .isEqualTo(ISSUED.plusSeconds(60));
    assertThat(RefreshPolicy.DEFAULT.dueAt(KEY, ISSUED, ISSUED, true, Lifetime.UNSAID))
        .isEqualTo(ISSUED.plusSeconds(60));
  }

  @Test
  void no_life_is_so_short_that_refreshes_follow_without_a_pause() {
    assertThat(due(EXACT, Duration.ofMillis(20), Lifetime.UNSAID)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void parts_out_of_range_are_refused() {
    assertRefused(0, null, 0);
    assertRefused(1, null, 0);
    assertRefused(Double.NaN, null, 0);
    assertRefused(0.75, null, 0.06);
    assertRefused(0.75, null, -0.01);
    assertRefused(0.75, Duration.ofSeconds(-1), 0);
  }

  private @Nullable Duration upToADayOrNull() {
    return random.nextBoolean()
        ? null
        : Duration.ofMillis(random.nextLong(Duration.ofDays(1).toMillis()));
  }

  private static Duration due(RefreshPolicy policy, @Nullable Duration life, Lifetime lifetime) {
    Instant end = life == null ? null : ISSUED.plus(life);
    Instant due = policy.dueAt(KEY, ISSUED, end, true, lifetime);
    return Duration.between(ISSUED, Objects.requireNonNull(due));
  }

  private static void assertRefused(double share, @Nullable Duration margin, double jitter) {
    assertThatThrownBy(() -> new RefreshPolicy(share, margin, jitter))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStatedEndOfTheRefreshTokenCountsBeforeTheAssumedOne() {
    Lifetime month = new Lifetime(null, Duration.ofDays(30), null, null, ReuseWindow.NONE);
    Instant stated = ISSUED.plus(Duration.ofDays(4));

    assertThat(EXACT.dueAt(KEY, ISSUED, null, stated, true, month))
        .isEqualTo(ISSUED.plus(Duration.ofDays(3)));
    assertThat(EXACT.dueAt(KEY, ISSUED, ISSUED.plusSeconds(4000), stated, true, month))
        .isEqualTo(ISSUED.plusSeconds(3000));
    assertThat(EXACT.dueAt(KEY, ISSUED, ISSUED.plus(Duration.ofDays(40)), stated, true, month))
        .isEqualTo(ISSUED.plus(Duration.ofDays(3)));
  }

  @Test
  void aRefreshTokenThatHasEndedHurriesNobody() {
    assertThat(EXACT.dueAt(KEY, ISSUED, null, ISSUED, true, Lifetime.UNSAID)).isNull();
    assertThat(
            EXACT.dueAt(
                KEY,
                ISSUED,
                ISSUED.plusSeconds(4000),
                ISSUED.minusSeconds(9),
                true,
                Lifetime.UNSAID))
        .isEqualTo(ISSUED.plusSeconds(3000));
  }

  @Test
  void theRefreshWindowIsWaitedForEvenSo() {
    Lifetime window = new Lifetime(null, null, null, Duration.ofMinutes(5), ReuseWindow.NONE);

    assertThat(
            EXACT.dueAt(
                KEY, ISSUED, ISSUED.plusSeconds(3600), ISSUED.plusSeconds(60), true, window))
        .isEqualTo(ISSUED.plusSeconds(3300));
  }
}
