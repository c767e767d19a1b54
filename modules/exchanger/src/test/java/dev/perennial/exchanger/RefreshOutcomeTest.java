package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.ReuseWindow;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RefreshOutcomeTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("sim/acme");
  private static final String ANSWER =
      "{\"access_token\":\"a2\",\"refresh_token\":\"r2\",\"token_type\":\"Bearer\","
          + "\"scope\":\"read\",\"expires_in\":3600}";

  private final World world = new World();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void spendsTheTokenKeepsTheAnswerAndSaysSo() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      CredentialState before = world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).singleElement().asString().contains("refresh_token=r1");
      CredentialState after = onlyState();
      assertThat(after.change()).isEqualTo(Change.REFRESHED);
      assertThat(after.version()).isEqualTo(before.version() + 1);
      assertThat(after.tokenGen()).isEqualTo(2);
      assertThat(after.issuedAt()).isBetween(World.START, World.START.plusSeconds(5));
      assertThat(after.expiresAt()).isEqualTo(issued(after).plusSeconds(3600));
      assertThat(after.nextRefreshAt())
          .isBetween(issued(after).plusSeconds(2500), issued(after).plusSeconds(2700));
      assertThat(after.tokenType()).isEqualTo("Bearer");
      assertThat(after.scope()).isEqualTo("read");
      assertThat(world.tokens(KEY).values())
          .containsEntry("access_token", "a2")
          .containsEntry("refresh_token", "r2")
          .containsEntry("team", "t");
      assertThat(world.store.row(KEY).published).isEqualTo(after.version());
    }
  }

  @Test
  void anAnswerWithoutARefreshTokenKeepsTheOldOne() throws Exception {
    try (WireServer _ = provider(WireServer.answer("200 OK", "{\"access_token\":\"a2\"}"))) {
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(world.tokens(KEY).values()).containsEntry("refresh_token", "r1");
      assertThat(onlyState().expiresAt()).isNull();
    }
  }

  @Test
  void aRefusalEndsTheGrant() throws Exception {
    try (WireServer _ = provider(error("400 Bad", "invalid_grant"))) {
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      CredentialState state = onlyState();
      assertThat(state.status()).isEqualTo(Status.REAUTHORIZATION_REQUIRED);
      assertThat(state.reason()).isEqualTo(new Reason("refused", "HTTP 400 invalid_grant"));
      assertThat(state.nextRefreshAt()).isNull();
    }
  }

  @Test
  void aRefusedProbeLeavesTheOutcomeUnknown() throws Exception {
    try (WireServer _ = provider(error("400 Bad", "invalid_grant"))) {
      world.connected(KEY);
      vanish();
      world.now = world.now.plusSeconds(120);

      world.refreshes.handle(world.due(KEY));

      assertThat(onlyState().reason())
          .isEqualTo(new Reason("outcome_unknown", "HTTP 400 invalid_grant"));
    }
  }

  @Test
  void whoIsThrottledComesBackWhenTheProviderSaysAndNobodyIsTold() throws Exception {
    try (WireServer _ = provider(WireServer.answer("429 Slow", "{}", "Retry-After: 600"))) {
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(world.store.row(KEY).nextAttemptAt).isEqualTo(World.START.plusSeconds(600));
      assertThat(world.published).isEmpty();
      assertThat(world.store.row(KEY).attempt).isNull();
    }
  }

  @Test
  void aShortRetryAfterIsNoShorterThanTheBackoff() throws Exception {
    try (WireServer _ = provider(WireServer.answer("503 No", "", "Retry-After: 0"))) {
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(world.store.row(KEY).nextAttemptAt)
          .isBetween(World.START.plusSeconds(1), World.START.plusSeconds(2));
    }
  }

  @Test
  void onlyTheFirstFailureOfARowIsSaidAndThenTheSuccess() throws Exception {
    AnswerInTurn answers =
        new AnswerInTurn(
            WireServer.answer("503 No", ""),
            WireServer.answer("503 No", ""),
            WireServer.answer("200 OK", ANSWER));
    try (WireServer server = WireServer.answering(_ -> answers.next())) {
      world.integration("sim", server.uri("/token"));
      world.connected(KEY);

      for (int i = 0; i < 3; i++) {
        world.refreshes.handle(world.due(KEY));
        world.now = world.now.plusSeconds(300);
      }

      assertThat(world.states())
          .extracting(CredentialState::status)
          .containsExactly(Status.REFRESH_FAILING, Status.ACTIVE);
      assertThat(world.states().getFirst().reason())
          .isEqualTo(new Reason("unavailable", "HTTP 503"));
      assertThat(world.store.row(KEY).failures).isZero();
    }
  }

  @Test
  void ourOwnMistakeWaitsTenMinutesForAnOperator() throws Exception {
    try (WireServer _ = provider(error("401 No", "invalid_client"))) {
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(onlyState().reason())
          .isEqualTo(new Reason("misconfigured", "HTTP 401 invalid_client"));
      assertThat(world.store.row(KEY).nextAttemptAt).isEqualTo(World.START.plusSeconds(600));
    }
  }

  @Test
  void aSuccessThatCannotBeReadIsSealedAndKept() throws Exception {
    try (WireServer _ = provider(WireServer.answer("200 OK", "<html>r2</html>"))) {
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(onlyState().reason())
          .isEqualTo(new Reason("unreadable_answer", "HTTP 200, neither JSON nor a form"));
      Sealed kept = Objects.requireNonNull(world.store.row(KEY).unreadable);
      assertThat(new World.PlainSealer().open(KEY, Sealer.Purpose.UNREADABLE_ANSWER, kept))
          .asString()
          .isEqualTo("<html>r2</html>");

      world.refreshes.handle(world.due(KEY));
      assertThat(world.store.outage.calls()).filteredOn("fail"::equals).hasSize(1);
    }
  }

  @Test
  void aMissingAnswerIsReportedAndTriedAgainLater() throws Exception {
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          peer.reset();
        })) {
      world.integration("sim", server.uri("/token"));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(Objects.requireNonNull(onlyState().reason()).code()).isEqualTo("no_answer");
      assertThat(world.store.row(KEY).attempt).isNull();
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void whatWasNotSentLeavesNoTraceButTheBackoff() {
    world.integration("sim", TestRequests.nobodyListens());
    world.connected(KEY);

    world.refreshes.handle(world.due(KEY));

    assertThat(world.published).isEmpty();
    assertThat(world.store.row(KEY).attempt).isNull();
    assertThat(world.store.row(KEY).failures).isEqualTo(1);
  }

  @Test
  void aRequestThatCannotBeRenderedIsOurMistake() {
    world.integration("sim", TestRequests.nobodyListens());
    world.connected(KEY, 1, "a1");

    world.refreshes.handle(world.due(KEY));

    assertThat(onlyState().reason())
        .isEqualTo(
            new Reason(
                "misconfigured", "sim: /refresh/data/refresh_token: no oauth.refresh_token"));
  }

  @Test
  void tokensThatNoKeyOpensAreOurMistake() {
    world.integration("sim", TestRequests.nobodyListens());
    world.connected(KEY);
    world.store.row(KEY).tokens =
        new IssuedTokens(Sealed.of(new byte[] {1}), World.START, null, null, null, null);

    world.refreshes.handle(world.due(KEY));

    assertThat(onlyState().reason())
        .isEqualTo(new Reason("misconfigured", "no key here opens the stored tokens"));
  }

  private WireServer provider(String answer) {
    WireServer server = WireServer.answering(_ -> answer);
    world.integration("sim", server.uri("/token"));
    return server;
  }

  private static String error(String status, String code) {
    return WireServer.answer(status, "{\"error\":\"" + code + "\"}");
  }

  private CredentialState onlyState() {
    assertThat(world.states()).hasSize(1);
    return world.states().getFirst();
  }

  /** An attempt begins that is never heard of again. */
  private void vanish() {
    world.store.begin(KEY, world.store.row(KEY).version, "vanished", ReuseWindow.NONE);
    world.store.outage.calls().clear();
  }

  private static Instant issued(CredentialState state) {
    return Objects.requireNonNull(state.issuedAt());
  }

  /** One after the other. */
  private static final class AnswerInTurn {
    private final Iterator<String> answers;

    AnswerInTurn(String... answers) {
      this.answers = List.of(answers).iterator();
    }

    synchronized String next() {
      return answers.next();
    }
  }
}
