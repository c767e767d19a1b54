package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.RateLimit;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LimitTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("sim/acme");
  private static final ConnectionKey OTHER = ConnectionKey.parse("sim/other");
  private static final RateLimit LIMIT = new RateLimit(10, Duration.ofMinutes(1), false);
  private static final String TOKENS =
      WireServer.answer("200 OK", "{\"access_token\":\"a2\",\"refresh_token\":\"r2\"}");

  private final World world = new World();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_refresh_beyond_the_limit_is_postponed_and_no_attempt_begins() throws Exception {
    try (WireServer server = provider()) {
      world.connected(KEY);
      world.limits.next(Duration.ofSeconds(40));

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).isEmpty();
      assertThat(world.store.outage.calls()).containsExactly("find", "postpone");
      assertThat(world.store.row(KEY).dueAt)
          .isBetween(World.START.plusSeconds(41), World.START.plusSeconds(42));

      world.refreshes.handle(world.due(KEY));
      assertThat(world.states()).singleElement().matches(s -> s.status() == Status.ACTIVE);
    }
  }

  @Test
  void a_code_waits_for_its_turn_since_a_person_does() throws Exception {
    try (WireServer server = provider()) {
      world.limits.next(Duration.ofMillis(3200), Duration.ofMillis(10));

      world.codeHandler.handle(world.code(KEY, "c1", Map.of()));

      assertThat(world.limits.asked).isEqualTo(3);
      assertThat(world.waits).containsExactly(Duration.ofMillis(3200));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void a_code_that_would_wait_too_long_is_handled_again_later() throws Exception {
    try (WireServer server = provider()) {
      world.limits.next(Duration.ofSeconds(40), Duration.ofSeconds(35));

      assertThatThrownBy(() -> world.codeHandler.handle(world.code(KEY, "c1", Map.of())))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("rate limit");

      assertThat(world.codes.outage.calls()).isEmpty();
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void a_request_that_is_written_long_after_it_was_permitted_is_permitted_again() throws Exception {
    try (WireServer server = provider()) {
      world.connected(KEY);
      everyRequestComesLate();
      world.limits.next(Duration.ZERO, Duration.ofMillis(1));

      world.refreshes.handle(world.due(KEY));
      assertThat(world.limits.asked).isEqualTo(3);
      assertThat(world.limits.permits).hasSize(1);

      world.codeHandler.handle(world.code(OTHER, "c1", Map.of()));
      assertThat(world.limits.asked).isEqualTo(5);
      assertThat(world.limits.permits).hasSize(2);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void one_that_is_not_permitted_again_before_the_deadline_is_not_written() throws Exception {
    try (WireServer server = provider()) {
      world.connected(KEY);
      everyRequestComesLate();
      world.limits.next(Duration.ZERO, Duration.ofSeconds(40));

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).isEmpty();
      assertThat(world.store.row(KEY).attempt).isNull();
    }
  }

  @Test
  void who_finds_no_place_again_and_again_stays_away_longer_up_to_half_a_minute() {
    Crowd crowd = new Crowd(new Random(3));
    long[] least = {1, 2, 4, 8, 15, 15};
    for (long seconds : least) {
      assertThat(crowd.away(KEY))
          .isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(2 * seconds));
    }
    assertThat(crowd.away(ConnectionKey.parse("sim/other"))).isLessThan(Duration.ofSeconds(3));

    crowd.in(KEY);
    assertThat(crowd.away(KEY)).isLessThan(Duration.ofSeconds(3));
  }

  private void everyRequestComesLate() {
    world.limits.onTake = () -> world.ahead = world.ahead.plus(LIMIT.underWay());
  }

  private WireServer provider() {
    WireServer server = WireServer.answering(_ -> TOKENS);
    world.integration(TestIntegration.of(server.uri("/")).limit(LIMIT));
    return server;
  }
}
