package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.ReuseWindow;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is known of the end of a grant, from the definition and from answer after answer. */
class GrantEndsTest {
  private static final URI TOKENS = URI.create("https://sim.example.com/token");
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private TestIntegration integration = TestIntegration.of(TOKENS);

  @Test
  void nothing_is_known_where_nothing_is_said() {
    assertThat(end(connect(null), NOW)).isNull();
  }

  @Test
  void a_grant_of_a_fixed_length_ends_that_long_after_the_consent() {
    integration = of(true, lifetime(null, Duration.ofDays(90)));
    GrantEnd end = new GrantEnd(NOW.plus(Duration.ofDays(90)), false);
    Kept first = connect(null);
    assertThat(end(first, NOW)).isEqualTo(end);
    assertThat(end(refresh(first, null, NOW.plus(HOUR)), NOW.plus(HOUR))).isEqualTo(end);
  }

  @Test
  void an_idle_life_moves_with_each_refresh() {
    integration = of(true, lifetime(Duration.ofDays(30), null));
    Kept first = connect(null);
    assertThat(end(first, NOW)).isEqualTo(new GrantEnd(NOW.plus(Duration.ofDays(30)), true));
    Instant later = NOW.plus(HOUR);
    assertThat(end(refresh(first, null, later), later))
        .isEqualTo(new GrantEnd(later.plus(Duration.ofDays(30)), true));
  }

  @Test
  void the_end_that_comes_first_counts() {
    integration = of(true, lifetime(Duration.ofDays(30), Duration.ofDays(90)));
    Kept kept = connect(null);
    assertThat(end(kept, NOW)).isEqualTo(new GrantEnd(NOW.plus(Duration.ofDays(30)), true));
    Instant late = NOW.plus(Duration.ofDays(61));
    assertThat(end(refresh(kept, null, late), late))
        .isEqualTo(new GrantEnd(NOW.plus(Duration.ofDays(90)), false));
  }

  @Test
  void what_an_answer_states_counts_before_what_is_assumed() {
    integration = of(true, lifetime(Duration.ofDays(5), null));
    assertThat(end(connect(DAY), NOW)).isEqualTo(new GrantEnd(NOW.plus(DAY), false));
  }

  @Test
  void a_stated_end_that_comes_later_with_each_answer_moves() {
    Kept first = connect(DAY);
    assertThat(end(first, NOW)).isEqualTo(new GrantEnd(NOW.plus(DAY), false));
    Instant later = NOW.plus(HOUR);
    assertThat(end(refresh(first, DAY, later), later))
        .isEqualTo(new GrantEnd(later.plus(DAY), true));
  }

  @Test
  void a_stated_end_that_stays_within_a_minute_stands_fast() {
    Instant later = NOW.plus(HOUR);
    Kept next = refresh(connect(DAY), DAY.minus(HOUR).plusSeconds(60), later);
    assertThat(end(next, later)).isEqualTo(new GrantEnd(NOW.plus(DAY).plusSeconds(60), false));
  }

  @Test
  void tokens_of_seconds_tell_one_from_the_other_too() {
    Instant later = NOW.plusSeconds(10);
    assertThat(end(refresh(connect(DAY), DAY, later), later))
        .isEqualTo(new GrantEnd(later.plus(DAY), true));
    assertThat(end(refresh(connect(DAY), DAY.minusSeconds(9), later), later))
        .isEqualTo(new GrantEnd(NOW.plus(DAY).plusSeconds(1), false));
  }

  @Test
  void an_end_that_has_moved_and_comes_to_the_last_there_is_stands_fast() {
    Instant second = NOW.plus(HOUR);
    Instant third = second.plus(HOUR);
    Kept moved = refresh(connect(DAY), DAY, second);
    Kept last = refresh(moved, DAY.minus(HOUR), third);
    assertThat(end(last, third)).isEqualTo(new GrantEnd(second.plus(DAY), false));
  }

  @Test
  void what_is_not_stated_again_of_the_same_token_stays() {
    Instant second = NOW.plus(HOUR);
    Kept moved = refresh(connect(DAY), DAY, second);
    Instant third = second.plus(HOUR);
    Kept same =
        new Merging(integration).first(moved, Map.of("access_token", "c"), third, Phase.REFRESH);
    assertThat(end(same, third)).isEqualTo(new GrantEnd(second.plus(DAY), true));
  }

  @Test
  void a_token_that_nothing_refreshes_ends_with_itself() {
    integration = of(false, lifetime(Duration.ofDays(30), null));
    Kept kept = connect(null);
    assertThat(GrantEnds.of(integration, kept, NOW.plus(HOUR), NOW))
        .isEqualTo(new GrantEnd(NOW.plus(HOUR), false));
    assertThat(GrantEnds.of(integration, kept, null, NOW)).isNull();
  }

  @Test
  void the_sibling_that_was_idle_for_longest_counts() {
    integration = of(true, lifetime(Duration.ofDays(30), null)).sibling("user", "user");
    Map<String, @Nullable Object> answer = answer("a");
    answer.put("user", Map.of("access_token", "ua", "refresh_token", "ur"));
    Merging merging = new Merging(integration);
    Kept first = merging.first(Kept.NOTHING, answer, NOW, Phase.TOKEN);
    Instant later = NOW.plus(DAY);
    Kept next = merging.first(first, answer("b"), later, Phase.REFRESH);
    assertThat(end(next, later)).isEqualTo(new GrantEnd(NOW.plus(Duration.ofDays(30)), true));
  }

  private static TestIntegration of(boolean refreshable, Lifetime lifetime) {
    return new TestIntegration("sim", TOKENS, refreshable, lifetime);
  }

  private static Lifetime lifetime(@Nullable Duration idle, @Nullable Duration grant) {
    return new Lifetime(null, idle, grant, null, ReuseWindow.NONE);
  }

  private Kept connect(@Nullable Duration left) {
    Ours ours = Ours.connected(Map.of(), null, NOW, integration.lifetime());
    return new Merging(integration)
        .first(new Kept(Map.of(), ours), stated(answer("a"), left), NOW, Phase.TOKEN);
  }

  private Kept refresh(Kept earlier, @Nullable Duration left, Instant at) {
    Map<String, @Nullable Object> answer = stated(answer("b"), left);
    answer.put("refresh_token", "refresh-" + at);
    return new Merging(integration).first(earlier, answer, at, Phase.REFRESH);
  }

  private static Map<String, @Nullable Object> answer(String token) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("access_token", token);
    answer.put("refresh_token", "refresh");
    answer.put("expires_in", 3600);
    return answer;
  }

  private static Map<String, @Nullable Object> stated(
      Map<String, @Nullable Object> answer, @Nullable Duration left) {
    if (left != null) {
      answer.put("refresh_token_expires_in", left.toSeconds());
    }
    return answer;
  }

  private @Nullable GrantEnd end(Kept kept, Instant at) {
    return GrantEnds.of(integration, kept, kept.ours().main().expiresAt(), at);
  }
}
