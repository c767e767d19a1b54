package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FollowUpTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("sim/acme");
  private static final String FIRST =
      ok("{\"access_token\":\"short\",\"refresh_token\":\"r2\",\"expires_in\":600}");
  private static final String LONG = ok("{\"access_token\":\"long\",\"expires_in\":6000}");
  private static final String SITES = ok("[{\"id\":\"s1\"},{\"id\":\"s2\"}]");

  private static final TokenResponse STAGED =
      new TokenResponse(Paths.copy(Map.of("access_token", "short", "refresh_token", "r2")));

  private final World world = new World();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_refresh_ends_in_one_publication_with_the_last_access_token() throws Exception {
    try (WireServer server = provider(path -> path.equals("/long") ? LONG : FIRST)) {
      world.integration(to(server).followUp(null, false, server.uri("/long")));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(world.tokens(KEY).values())
          .containsEntry("access_token", "long")
          .containsEntry("refresh_token", "r2");
      CredentialState state = onlyState();
      assertThat(state.change()).isEqualTo(Change.REFRESHED);
      assertThat(state.expiresAt()).isAfter(World.START.plusSeconds(5999));
      assertThat(server.requests()).hasSize(2).element(1).asString().contains("?token=short");
      assertThat(world.store.outage.calls())
          .containsExactly("begin", "stage", "commit", "published", "find");
    }
  }

  @Test
  void the_expiry_is_looked_for_in_the_answer_with_the_token_only() throws Exception {
    String permanent = ok("{\"access_token\":\"long\"}");
    try (WireServer server = provider(path -> path.equals("/long") ? permanent : FIRST)) {
      world.integration(to(server).followUp(null, false, server.uri("/long")));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(onlyState().expiresAt()).isNull();
    }
  }

  @Test
  void a_list_lies_under_its_name_and_leaves_the_token_alone() throws Exception {
    try (WireServer server = provider(path -> path.equals("/sites") ? SITES : FIRST)) {
      world.integration(to(server).followUp("sites", false, server.uri("/sites")));

      world.codeHandler.handle(world.code(KEY, "c1", Map.of()));

      assertThat(world.tokens(KEY).values())
          .containsEntry("sites", List.of(Map.of("id", "s1"), Map.of("id", "s2")))
          .containsEntry("access_token", "short");
      assertThat(onlyState().expiresAt()).isBefore(World.START.plusSeconds(606));
    }
  }

  @Test
  void a_token_that_only_a_later_answer_has_is_waited_for() throws Exception {
    AnswerShape login = shape("RestToken");
    try (WireServer server =
        provider(path -> path.equals("/login") ? ok("{\"RestToken\":\"rest\"}") : FIRST)) {
      world.integration(to(server).shape(login).followUp(null, false, server.uri("/login")));

      world.codeHandler.handle(world.code(KEY, "c1", Map.of()));
      world.refreshes.handle(world.due(KEY));

      assertThat(world.tokens(KEY).values())
          .containsEntry("access_token", "rest")
          .containsEntry("refresh_token", "r2");
      assertThat(server.requests().get(1)).contains("?token=short");
      assertThat(server.requests().get(2)).contains("refresh_token=r2");
      assertThat(server.requests().get(3)).contains("?token=short");
    }
  }

  @Test
  void where_no_answer_has_the_token_the_refresh_token_is_kept_all_the_same() throws Exception {
    try (WireServer server = provider(path -> path.equals("/login") ? ok("{}") : FIRST)) {
      world.integration(
          to(server).shape(shape("RestToken")).followUp(null, false, server.uri("/login")));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(onlyState().reason())
          .isEqualTo(new Reason("unavailable", "follow-up 1: no access token in any answer"));
      assertThat(world.tokens(KEY).values()).containsEntry("refresh_token", "r2");
    }
  }

  @Test
  void a_path_may_name_the_answer_of_a_follow_up() throws Exception {
    AnswerShape introspected =
        new AnswerShape(
            List.of(),
            AnswerShape.STANDARD.accessToken(),
            AnswerShape.STANDARD.refreshToken(),
            List.of(List.of("seen", "exp")),
            false,
            List.of(),
            Map.of(),
            Map.of());
    try (WireServer server =
        provider(path -> path.equals("/seen") ? ok("{\"exp\":1772370000}") : FIRST)) {
      world.integration(to(server).shape(introspected).followUp("seen", true, server.uri("/seen")));

      world.codeHandler.handle(world.code(KEY, "c1", Map.of()));

      assertThat(onlyState().expiresAt()).isEqualTo("2026-03-01T13:00:00Z");
    }
  }

  @Test
  void an_optional_one_that_fails_changes_nothing() throws Exception {
    try (WireServer server = provider(path -> path.equals("/sites") ? error(404) : FIRST)) {
      world.integration(
          to(server)
              .followUp("sites", true, server.uri("/sites"))
              .followUp("more", true, TestRequests.nobodyListens()));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(onlyState().status()).isEqualTo(Status.ACTIVE);
      assertThat(world.tokens(KEY).values())
          .containsEntry("access_token", "short")
          .doesNotContainKey("sites");
    }
  }

  @Test
  void a_needed_one_is_tried_three_times_and_then_the_tokens_are_kept_all_the_same()
      throws Exception {
    try (WireServer server = provider(path -> path.equals("/long") ? error(503) : FIRST)) {
      world.integration(to(server).followUp(null, false, server.uri("/long")));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).hasSize(4);
      assertThat(world.tokens(KEY).values()).containsEntry("refresh_token", "r2");
      CredentialState state = onlyState();
      assertThat(state.status()).isEqualTo(Status.REFRESH_FAILING);
      assertThat(state.reason()).isEqualTo(new Reason("unavailable", "follow-up 1: HTTP 503"));
      assertThat(world.store.row(KEY).nextAttemptAt)
          .isBetween(World.START.plusSeconds(1), World.START.plusSeconds(2));
      assertThat(world.store.row(KEY).attempt).isNull();
    }
  }

  @Test
  void a_follow_up_that_is_refused_ends_no_grant() throws Exception {
    String refused = WireServer.answer("400 Bad", "{\"error\":\"invalid_grant\"}");
    try (WireServer server = provider(path -> path.equals("/long") ? refused : FIRST)) {
      world.integration(to(server).followUp(null, false, server.uri("/long")));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).hasSize(2);
      assertThat(onlyState().status()).isEqualTo(Status.REFRESH_FAILING);
    }
  }

  @Test
  void a_consent_without_a_needed_one_fails_and_its_tokens_are_revoked() throws Exception {
    try (WireServer server = provider(path -> path.equals("/long") ? error(404) : FIRST)) {
      world.integration(to(server).withRevoke().followUp(null, false, server.uri("/long")));

      world.codeHandler.handle(world.code(KEY, "c1", Map.of()));

      assertThat(world.failures())
          .singleElement()
          .extracting(Event.AuthorizationFailed::reason)
          .isEqualTo(new Reason("unavailable", "follow-up 1: HTTP 404"));
      assertThat(world.calls.revoked).containsExactly("r2");
      assertThat(world.store.find(KEY)).isEmpty();
    }
  }

  @Test
  void what_a_run_left_between_two_stages_is_gone_on_with_and_nothing_is_spent_again()
      throws Exception {
    try (WireServer server = provider(path -> path.equals("/long") ? LONG : FIRST)) {
      world.integration(to(server).followUp(null, false, server.uri("/long")));
      world.connected(KEY);
      world.store.begin(KEY, world.store.row(KEY).version, "vanished", ReuseWindow.NONE);
      world.store.row(KEY).stage = 1;
      world.store.row(KEY).staged = world.payloads.seal(KEY, STAGED);
      world.store.row(KEY).stagedBy = "vanished";
      world.now = world.now.plusSeconds(61);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).singleElement().asString().startsWith("GET /long?token=short");
      assertThat(world.tokens(KEY).values())
          .containsEntry("access_token", "long")
          .containsEntry("refresh_token", "r2");
      assertThat(world.store.row(KEY).committed).isEqualTo("vanished/1");
    }
  }

  @Test
  void a_code_that_vanished_between_two_stages_is_gone_on_with_and_not_sent_again()
      throws Exception {
    try (WireServer server = provider(path -> path.equals("/long") ? LONG : FIRST)) {
      world.integration(to(server).followUp(null, false, server.uri("/long")));
      Event.CodeReceived event = world.code(KEY, "c1", Map.of());
      world.codes.begin(event, "vanished");
      world.codes.advance(
          KEY, event.authorization(), "vanished", 1, world.payloads.seal(KEY, STAGED));
      assertThatThrownBy(() -> world.codeHandler.handle(event))
          .isInstanceOf(UnavailableException.class);
      world.now = world.now.plusSeconds(61);

      world.codeHandler.handle(event);

      assertThat(server.requests()).singleElement().asString().startsWith("GET /long?token=short");
      assertThat(world.tokens(KEY).values()).containsEntry("access_token", "long");
    }
  }

  @Test
  void what_is_incomplete_is_so_by_the_journal_too() throws Exception {
    try (WireServer server = provider(path -> path.equals("/login") ? ok("{}") : FIRST)) {
      world.integration(
          to(server).shape(shape("RestToken")).followUp(null, false, server.uri("/login")));
      world.connected(KEY);
      world.store.outage.unreached("commit", 1);

      world.refreshes.handle(world.due(KEY));

      assertThat(world.published)
          .singleElement()
          .isInstanceOfSatisfying(
              Event.AnswerJournaled.class,
              answer -> {
                Failure incomplete = Objects.requireNonNull(answer.incomplete());
                assertThat(incomplete.reason())
                    .isEqualTo(
                        new Reason("unavailable", "follow-up 1: no access token in any answer"));
                assertThat(incomplete.retryIn()).isPositive();
              });
    }
  }

  @Test
  void it_goes_on_in_memory_where_the_store_cannot_be_written() throws Exception {
    try (WireServer server = provider(path -> path.equals("/long") ? LONG : FIRST)) {
      world.integration(to(server).followUp(null, false, server.uri("/long")));
      world.connected(KEY);
      world.store.outage.unreached("stage", 1);
      world.store.outage.unreached("commit", 1);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).hasSize(2);
      assertThat(world.published)
          .singleElement()
          .isInstanceOfSatisfying(
              Event.AnswerJournaled.class,
              answer -> {
                assertThat(answer.stage()).isEqualTo(1);
                assertThat(answer.last()).isTrue();
                assertThat(world.payloads.openTokens(KEY, answer.tokens().sealed()).values())
                    .containsEntry("access_token", "long");
              });

      world.codes.outage.unreached("advance", 1);
      ConnectionKey other = ConnectionKey.parse("sim/other");
      world.codeHandler.handle(world.code(other, "c1", Map.of()));
      assertThat(world.tokens(other).values()).containsEntry("access_token", "long");
    }
  }

  @Test
  void without_a_renewed_lease_a_follow_up_has_only_what_is_left_of_the_last() throws Exception {
    try (World hurried = new World(Duration.ofSeconds(5), 4);
        WireServer server =
            provider(path -> {
              if (path.equals("/token")) {
                hurried.now = hurried.now.plusSeconds(6);
              }
              return path.equals("/long") ? LONG : FIRST;
            })) {
      hurried.integration(to(server).followUp(null, false, server.uri("/long")));
      hurried.connected(KEY);
      hurried.store.outage.unreached("stage", 1);

      hurried.refreshes.handle(hurried.due(KEY));

      assertThat(server.requests()).hasSize(1);
      assertThat(hurried.tokens(KEY).values()).containsEntry("refresh_token", "r2");
      assertThat(hurried.states())
          .singleElement()
          .extracting(CredentialState::status)
          .isEqualTo(Status.REFRESH_FAILING);

      hurried.now = hurried.now.plusSeconds(60);
      hurried.refreshes.handle(hurried.due(KEY));
      assertThat(hurried.store.row(KEY).status).isEqualTo(Status.ACTIVE);
    }
  }

  @Test
  void each_follow_up_has_a_deadline_of_its_own() throws Exception {
    try (WireServer server =
        provider(path -> {
          world.now = world.now.plusSeconds(3); // of five
          return path.equals("/sites") ? SITES : FIRST;
        })) {
      world.integration(
          to(server)
              .followUp("one", false, server.uri("/sites"))
              .followUp("two", false, server.uri("/sites")));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));
      world.codeHandler.handle(world.code(ConnectionKey.parse("sim/other"), "c1", Map.of()));

      assertThat(server.requests()).hasSize(6);
      assertThat(world.states()).hasSize(2).allMatch(state -> state.status() == Status.ACTIVE);
    }
  }

  @Test
  void a_stage_that_was_reached_is_not_gone_through_again() throws Exception {
    try (WireServer server = provider(_ -> SITES)) {
      world.integration(
          to(server)
              .followUp("one", false, server.uri("/one"))
              .followUp("two", false, server.uri("/two")));
      world.connected(KEY);
      world.store.begin(KEY, world.store.row(KEY).version, "vanished", ReuseWindow.NONE);
      Kept staged = Kept.of(STAGED);
      staged = staged.with(staged.ours().withMain(new Life(World.START, null)));
      world.store.row(KEY).stage = 2;
      world.store.row(KEY).staged = world.payloads.seal(KEY, staged.response());
      world.now = world.now.plusSeconds(61);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).singleElement().asString().startsWith("GET /two");
      assertThat(onlyState().status()).isEqualTo(Status.ACTIVE);
    }
  }

  @Test
  void an_answer_that_another_run_was_quicker_with_is_dropped() throws Exception {
    try (WireServer server =
        provider(path -> {
          world.store.row(KEY).stagedBy = "another";
          return path.equals("/long") ? LONG : FIRST;
        })) {
      world.integration(to(server).withRevoke().followUp(null, false, server.uri("/long")));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).hasSize(1);
      assertThat(world.published).isEmpty();
      assertThat(world.calls.revoked).isEmpty();
    }
  }

  private static AnswerShape shape(String accessToken) {
    return new AnswerShape(
        List.of(),
        List.of(List.of(accessToken)),
        AnswerShape.STANDARD.refreshToken(),
        AnswerShape.STANDARD.expiry(),
        false,
        List.of(),
        Map.of(),
        Map.of());
  }

  private static TestIntegration to(WireServer server) {
    return TestIntegration.of(server.uri("/token"));
  }

  /** By the path that is asked. */
  private static WireServer provider(Function<String, String> answers) {
    return WireServer.answering(
        request -> answers.apply(request.split(" ", 3)[1].replaceAll("\\?.*", "")));
  }

  private static String ok(String body) {
    return WireServer.answer("200 OK", body);
  }

  private static String error(int status) {
    return WireServer.answer(status + " No", "");
  }

  private CredentialState onlyState() {
    return world.states().getLast();
  }
}
