package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.Event;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** RFC 8628 section 3.5. */
@Timeout(20)
class DevicePollingTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("sim/acme");
  private static final String PENDING = error("authorization_pending");
  private static final String TOKENS =
      WireServer.answer(
          "200 OK", "{\"access_token\":\"a1\",\"refresh_token\":\"r1\",\"expires_in\":3600}");
  private static final Map<String, Object> PREPARED =
      Map.of("device_code", "d1", "interval", 7, "expires_in", 600);

  private final World world = new World();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void asks_at_the_interval_until_the_user_has_decided() throws Exception {
    try (WireServer server = provider(PENDING, error("slow_down"), PENDING, TOKENS)) {
      world.codeHandler.handle(world.device(KEY, PREPARED));

      assertThat(world.store.row(KEY).status).isEqualTo(Status.ACTIVE);
      assertThat(world.waits)
          .containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(12), Duration.ofSeconds(12));
      assertThat(server.requests())
          .hasSize(4)
          .allMatch(request -> request.contains("device_code=d1"))
          .allMatch(request -> request.contains("SHOP=acme"));
      assertThat(world.codes.outage.calls())
          .containsExactly("begin", "advance", "advance", "advance", "advance");
      assertThat(Kept.of(world.tokens(KEY)).ours().variables()).containsEntry("SHOP", "acme");
    }
  }

  @Test
  void ends_with_the_device_code() throws Exception {
    try (WireServer server = answering(PENDING)) {
      world.codeHandler.handle(world.device(KEY, Map.of("device_code", "d1", "expires_in", "20")));

      assertThat(onlyReason())
          .isEqualTo(new Reason("refused", "expired_token, nobody decided in time"));
      assertThat(server.requests()).hasSize(4); // at 0, 5, 10 and 15 s
    }
  }

  @Test
  void counts_from_the_event_and_not_from_the_run() throws Exception {
    try (WireServer server = answering(PENDING)) {
      Event.CodeReceived event = world.device(KEY, Map.of("device_code", "d1"));
      world.now = world.now.plus(Duration.ofMinutes(15));

      world.codeHandler.handle(event);

      assertThat(onlyReason().code()).isEqualTo("refused");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void a_user_who_says_no_is_believed() throws Exception {
    try (WireServer _ = provider(PENDING, error("access_denied"))) {
      world.codeHandler.handle(world.device(KEY, PREPARED));

      assertThat(onlyReason()).isEqualTo(new Reason("declined", "HTTP 400 access_denied"));
    }
  }

  @Test
  void a_provider_that_is_away_for_a_moment_is_asked_again_more_slowly() throws Exception {
    try (WireServer _ = provider(WireServer.answer("503 No", ""), TOKENS)) {
      world.codeHandler.handle(world.device(KEY, PREPARED));

      assertThat(world.store.row(KEY).status).isEqualTo(Status.ACTIVE);
      assertThat(world.waits).containsExactly(Duration.ofSeconds(12));
    }
  }

  @Test
  void nothing_is_asked_without_a_lease() throws Exception {
    try (WireServer server = provider(TOKENS)) {
      world.codes.outage.unreached("advance", 1);

      world.codeHandler.handle(world.device(KEY, PREPARED));

      assertThat(world.waits).hasSize(1);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void a_run_that_vanishes_is_followed_by_another() throws Exception {
    try (WireServer server = provider(PENDING, TOKENS)) {
      Event.CodeReceived event = world.device(KEY, PREPARED);
      world.onWait = () -> world.codeHandler.close();
      assertThatThrownBy(() -> world.codeHandler.handle(event))
          .isInstanceOf(UnavailableException.class);
      try (World next = new World()) {
        next.integration(TestIntegration.of(server.uri("/")).device());
        next.codes.begin(event, "vanished");
        next.codes.advance(KEY, event.authorization(), "vanished", 0, null);
        assertThatThrownBy(() -> next.codeHandler.handle(event))
            .isInstanceOf(UnavailableException.class);
        next.now = next.now.plusSeconds(61);

        next.codeHandler.handle(event);

        assertThat(next.store.row(KEY).status).isEqualTo(Status.ACTIVE);
      }
    }
  }

  @Test
  void a_run_that_was_followed_stops() throws Exception {
    try (WireServer server = answering(PENDING)) {
      Event.CodeReceived event = world.device(KEY, PREPARED);
      world.onWait =
          () -> {
            world.now = world.now.plusSeconds(61);
            world.codes.begin(event, "another");
          };

      world.codeHandler.handle(event);

      assertThat(server.requests()).hasSize(1);
      assertThat(world.published).isEmpty();
    }
  }

  private Reason onlyReason() {
    assertThat(world.failures()).hasSize(1);
    return world.failures().getFirst().reason();
  }

  private WireServer answering(String answer) {
    WireServer server = WireServer.answering(_ -> answer);
    world.integration(TestIntegration.of(server.uri("/")).device());
    return server;
  }

  private WireServer provider(String... answers) {
    Iterator<String> inTurn = List.of(answers).iterator();
    WireServer server = WireServer.answering(_ -> inTurn.next());
    world.integration(TestIntegration.of(server.uri("/")).device());
    return server;
  }

  private static String error(String code) {
    return WireServer.answer("400 Bad", "{\"error\":\"" + code + "\"}");
  }
}
