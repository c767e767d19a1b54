package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens of one grant that live and rotate apart. */
@Timeout(20)
class SiblingTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("sim/acme");
  private static final String BOTH =
      "{\"access_token\":\"bot1\",\"refresh_token\":\"br1\",\"expires_in\":3600,"
          + "\"authed_user\":{\"id\":\"U\",\"access_token\":\"user1\",\"refresh_token\":\"ur1\","
          + "\"expires_in\":1800}}";

  private final World world = new World();
  private final AtomicReference<String> answer = new AtomicReference<>(BOTH);
  private final WireServer server =
      WireServer.answering(_ -> WireServer.answer("200 OK", answer.get()));

  @AfterEach
  void close() throws Exception {
    world.close();
    server.close();
  }

  @Test
  void the_token_that_ends_first_is_spent_and_the_others_stay() {
    connect();
    CredentialState connected = world.states().getLast();
    assertThat(connected.expiresAt()).isBefore(World.START.plusSeconds(1806));

    world.now = world.now.plusSeconds(1500);
    answer.set("{\"access_token\":\"user2\",\"refresh_token\":\"ur2\",\"expires_in\":7200}");
    world.refreshes.handle(world.due(KEY));

    assertThat(server.requests().getLast()).contains("sibling=user&refresh_token=ur1");
    assertThat(world.tokens(KEY).values())
        .containsEntry("access_token", "bot1")
        .containsEntry("refresh_token", "br1");
    assertThat(user())
        .containsEntry("access_token", "user2")
        .containsEntry("refresh_token", "ur2")
        .containsEntry("id", "U");
    // Now the main one ends first, and its times are the credential's.
    assertThat(world.states().getLast().expiresAt())
        .isBetween(World.START.plusSeconds(3600), World.START.plusSeconds(3606));

    world.now = world.now.plusSeconds(1800);
    answer.set("{\"access_token\":\"bot2\",\"refresh_token\":\"br2\",\"expires_in\":3600}");
    world.refreshes.handle(world.due(KEY));

    assertThat(server.requests().getLast()).contains("refresh_token=br1").doesNotContain("sibling");
    assertThat(world.tokens(KEY).values()).containsEntry("access_token", "bot2");
    assertThat(user()).containsEntry("access_token", "user2").containsEntry("refresh_token", "ur2");
  }

  @Test
  void a_siblings_answer_may_lie_under_its_path() {
    connect();
    world.now = world.now.plusSeconds(1500);
    answer.set(
        "{\"ok\":true,\"access_token\":\"not mine\","
            + "\"authed_user\":{\"access_token\":\"user2\",\"expires_in\":60}}");

    world.refreshes.handle(world.due(KEY));

    assertThat(world.tokens(KEY).values()).containsEntry("access_token", "bot1");
    assertThat(user()).containsEntry("access_token", "user2").containsEntry("refresh_token", "ur1");
  }

  @Test
  void the_main_token_goes_first_where_both_end_together() {
    answer.set(BOTH.replace("1800", "3600"));
    connect();
    world.now = world.now.plusSeconds(3000);
    world.refreshes.handle(world.due(KEY));

    assertThat(server.requests().getLast()).doesNotContain("sibling");
  }

  @Test
  void an_answer_that_names_the_sibling_and_says_less_takes_nothing_away() {
    answer.set(BOTH.replace("1800", "9000"));
    connect();
    world.now = world.now.plusSeconds(3000);
    answer.set(
        "{\"access_token\":\"bot2\",\"refresh_token\":\"br2\",\"expires_in\":3600,"
            + "\"authed_user\":{\"id\":\"U\"}}");

    world.refreshes.handle(world.due(KEY));

    assertThat(user()).containsEntry("access_token", "user1").containsEntry("refresh_token", "ur1");
  }

  @Test
  void a_sibling_that_equals_the_main_token_is_never_spent_apart() {
    String same =
        "{\"access_token\":\"user1\",\"refresh_token\":\"ur1\",\"expires_in\":3600,"
            + "\"authed_user\":{\"access_token\":\"user1\",\"refresh_token\":\"ur1\","
            + "\"expires_in\":1800}}";
    answer.set(same);
    connect();

    for (int i = 2; i < 5; i++) {
      world.now = world.now.plusSeconds(3000);
      answer.set(
          "{\"access_token\":\"user%d\",\"refresh_token\":\"ur%d\",\"expires_in\":3600}"
              .formatted(i, i));
      world.refreshes.handle(world.due(KEY));
      assertThat(server.requests().getLast())
          .contains("refresh_token=ur" + (i - 1))
          .doesNotContain("sibling");
      assertThat(user())
          .containsEntry("access_token", "user" + i)
          .containsEntry("refresh_token", "ur" + i);
    }
    assertThat(world.store.row(KEY).status).isEqualTo(Status.ACTIVE);
  }

  @Test
  void siblings_that_share_a_refresh_token_are_spent_once() {
    world.integration(
        TestIntegration.of(server.uri("/")).sibling("one", "one").sibling("two", "two"));
    answer.set(
        "{\"access_token\":\"m\",\"refresh_token\":\"mr\",\"expires_in\":9000,"
            + "\"one\":{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_in\":600},"
            + "\"two\":{\"access_token\":\"b\",\"refresh_token\":\"r\",\"expires_in\":60}}");
    world.codeHandler.handle(world.code(KEY, "c1", Map.of()));
    world.now = world.now.plusSeconds(500);
    answer.set("{\"access_token\":\"a2\",\"refresh_token\":\"r2\",\"expires_in\":600}");

    world.refreshes.handle(world.due(KEY));

    assertThat(server.requests().getLast()).contains("sibling=one&refresh_token=r");
    assertThat(world.tokens(KEY).values().get("two"))
        .isEqualTo(Map.of("access_token", "b", "refresh_token", "r2", "expires_in", 60));
  }

  @Test
  void a_sibling_without_a_refresh_token_does_not_hurry_anybody() {
    TestIntegration integration =
        TestIntegration.of(server.uri("/")).sibling("user", "authed_user");
    Kept kept =
        Kept.of(
            new TokenResponse(
                Paths.copy(
                    Map.of(
                        "access_token", "a",
                        "refresh_token", "r",
                        "authed_user", Map.of("access_token", "u")))));
    kept = kept.with(kept.ours().withSibling("user", new Life(World.START, World.START)));

    assertThat(Slots.earliest(integration, kept).main()).isTrue();
    assertThat(List.copyOf(integration.siblings())).hasSize(1);
  }

  private void connect() {
    world.integration(TestIntegration.of(server.uri("/")).sibling("user", "authed_user"));
    world.codeHandler.handle(world.code(KEY, "c1", Map.of()));
  }

  private Map<String, Object> user() {
    Map<String, Object> user = new LinkedHashMap<>();
    Map<?, ?> kept =
        (Map<?, ?>) Objects.requireNonNull(world.tokens(KEY).values().get("authed_user"));
    kept.forEach((name, value) -> user.put(String.valueOf(name), value));
    return user;
  }
}
