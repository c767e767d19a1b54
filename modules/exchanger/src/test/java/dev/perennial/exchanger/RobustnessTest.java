package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.event.Event;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RobustnessTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("sim/acme");
  private static final String TOKENS =
      WireServer.answer("200 OK", "{\"access_token\":\"a2\",\"refresh_token\":\"r2\"}");

  private final World world = new World();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_mistake_of_ours_before_sending_leaves_no_attempt_open() throws Exception {
    try (WireServer server = WireServer.answering(_ -> TOKENS)) {
      TestIntegration integration = TestIntegration.of(server.uri("/"));
      integration.onRendering =
          () -> {
            throw new IllegalStateException("a bug");
          };
      world.integration(integration);
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));
      assertThat(world.store.row(KEY).attempt).isNull();
      assertThat(world.store.row(KEY).failures).isEqualTo(1);

      ConnectionKey other = ConnectionKey.parse("sim/other");
      world.codeHandler.handle(world.code(other, "c1", Map.of()));
      assertThat(world.failures())
          .singleElement()
          .extracting(Event.AuthorizationFailed::reason)
          .hasToString("not_sent (IllegalStateException)");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void without_the_servers_metadata_nothing_is_sent() throws Exception {
    try (WireServer server = WireServer.answering(_ -> TOKENS)) {
      world.integration("sim", server.uri("/"));
      world.connected(KEY);
      world.calls.undiscoverable = true;

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).isEmpty();
      assertThat(world.store.row(KEY).failures).isEqualTo(1);
    }
  }

  @Test
  void tokens_of_a_deleted_connection_are_revoked() throws Exception {
    try (WireServer server =
        WireServer.answering(_ -> {
          world.store.delete(KEY, 9);
          return TOKENS;
        })) {
      world.integration(TestIntegration.of(server.uri("/")).withRevoke());
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(world.calls.revoked).containsExactly("r2");
      assertThat(world.store.row(KEY).status).isEqualTo(Status.DELETED);
    }
  }

  @Test
  void a_provider_that_cannot_revoke_is_not_asked_to() throws Exception {
    try (WireServer server =
        WireServer.answering(_ -> {
          world.store.delete(KEY, 9);
          return TOKENS;
        })) {
      world.integration(TestIntegration.of(server.uri("/")));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(world.calls.revoked).isEmpty();
    }
  }

  @Test
  void a_connection_that_must_prove_its_key_gets_one_and_keeps_it() throws Exception {
    try (WireServer server = WireServer.answering(_ -> TOKENS)) {
      world.integration(TestIntegration.of(server.uri("/")).withDpop());

      world.codeHandler.handle(world.code(KEY, "c1", Map.of()));
      world.refreshes.handle(world.due(KEY));

      Ours ours = Kept.of(world.tokens(KEY)).ours();
      assertThat(ours.dpopKey()).isEqualTo(TestCalls.DPOP_KEY);
    }
  }

  @Test
  void a_permanent_token_is_refreshed_before_the_stated_end_of_its_refresh_token()
      throws Exception {
    String answer =
        WireServer.answer(
            "200 OK",
            "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"refresh_token_expires_in\":86400}");
    try (WireServer server = WireServer.answering(_ -> answer)) {
      Lifetime assumed =
          new Lifetime(null, Duration.ofDays(90), Duration.ofDays(365), null, ReuseWindow.NONE);
      world.integration(new TestIntegration("sim", server.uri("/"), true, assumed));

      world.codeHandler.handle(world.code(KEY, "c1", Map.of()));

      assertThat(world.store.row(KEY).dueAt)
          .isBetween(
              World.START.plus(Duration.ofHours(16)), World.START.plus(Duration.ofHours(19)));
      Ours ours = Kept.of(world.tokens(KEY)).ours();
      assertThat(ours.connectedAt()).isEqualTo(World.START);
      assertThat(ours.grantEndsAt()).isEqualTo(World.START.plus(Duration.ofDays(365)));
    }
  }

  @Test
  void a_request_that_is_not_rendered_says_nothing_about_the_provider() {
    world.integration(TestIntegration.of(URI.create("https://sim.test/")));
    for (int i = 0; i < 2 * Health.WINDOW; i++) {
      ConnectionKey key = new ConnectionKey("sim", "k" + i);
      world.connected(key, 1, "a"); // without a refresh token
      world.refreshes.handle(world.due(key));
      assertThat(Objects.requireNonNull(world.store.row(key).reason).code())
          .isEqualTo("misconfigured");
    }
  }
}
