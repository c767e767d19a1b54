package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SecretChoiceTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("sim/acme");
  private static final String INVALID =
      WireServer.answer("401 No", "{\"error\":\"invalid_client\"}");
  private static final String TOKENS =
      WireServer.answer("200 OK", "{\"access_token\":\"a2\",\"refresh_token\":\"r2\"}");

  private final World world = new World();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void the_next_secret_is_tried_within_the_attempt_and_remembered() throws Exception {
    try (WireServer server = taking("new")) {
      world.integration(TestIntegration.of(server.uri("/")).secrets("old", "older", "new"));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));
      assertThat(world.store.row(KEY).status).isEqualTo(Status.ACTIVE);
      assertThat(server.requests()).hasSize(3);

      world.codeHandler.handle(world.code(new ConnectionKey("sim", "b"), "c1", Map.of()));
      assertThat(server.requests()).hasSize(4).last().asString().contains("client_secret=new");
    }
  }

  @Test
  void a_code_is_tried_with_each_secret_too() throws Exception {
    try (WireServer server = taking("new")) {
      world.integration(TestIntegration.of(server.uri("/")).secrets("old", "new"));

      world.codeHandler.handle(world.code(KEY, "c1", Map.of()));

      assertThat(world.store.row(KEY).status).isEqualTo(Status.ACTIVE);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void where_none_is_taken_an_operator_must_act() throws Exception {
    try (WireServer server = taking("none of ours")) {
      world.integration(TestIntegration.of(server.uri("/")).secrets("old", "new"));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).hasSize(2);
      assertThat(Objects.requireNonNull(world.store.row(KEY).reason).code())
          .isEqualTo("misconfigured");
    }
  }

  @Test
  void another_error_is_no_reason_to_try_another_secret() throws Exception {
    try (WireServer server =
        WireServer.answering(_ -> WireServer.answer("400 No", "{\"error\":\"invalid_scope\"}"))) {
      world.integration(TestIntegration.of(server.uri("/")).secrets("old", "new"));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).hasSize(1);
    }
  }

  private static WireServer taking(String secret) {
    return WireServer.answering(
        request -> request.contains("client_secret=" + secret) ? TOKENS : INVALID);
  }
}
