package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class CodeHandlerTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("sim/acme");
  private static final String ANSWER =
      "{\"access_token\":\"a1\",\"refresh_token\":\"r1\",\"token_type\":\"Bearer\","
          + "\"expires_in\":\"3600\"}";

  private final World world = new World();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void turnsACodeIntoACredentialAndSaysSo() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      world.codeHandler.handle(world.code(KEY, "c1", Map.of()));

      assertThat(server.requests())
          .singleElement()
          .asString()
          .contains("\r\nConnection: close\r\n")
          .contains("&code=c1&code_verifier=verifier")
          .contains("redirect_uri=https%3A%2F%2Fapp.test%2Fcallback%2Fsim");
      CredentialState state = onlyState();
      assertThat(state.change()).isEqualTo(Change.CONNECTED);
      assertThat(state.grant()).isEqualTo(7);
      assertThat(state.issuedAt()).isBetween(World.START, World.START.plusSeconds(5));
      assertThat(state.expiresAt()).isAfterOrEqualTo(World.START.plusSeconds(3600));
      assertThat(state.nextRefreshAt()).isBefore(World.START.plusSeconds(2710));
      assertThat(world.tokens(KEY).values()).containsEntry("refresh_token", "r1");
      assertThat(world.store.row(KEY).published).isEqualTo(state.version());
    }
  }

  @Test
  void parametersOfTheCallbackAreRenderedAndKept() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      world.codeHandler.handle(world.code(KEY, "c1", Map.of("shop", "s1")));

      assertThat(server.requests().getFirst()).contains("&shop=s1");
      assertThat(world.tokens(KEY).values()).containsEntry("redirect_params", Map.of("shop", "s1"));
    }
  }

  @Test
  void aConsentWithoutACodeIsExchangedToo() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      Sealed sealed = world.payloads.seal(KEY, new AuthorizationCode(null, null, Map.of()));
      world.codeHandler.handle(
          new Event.CodeReceived(KEY, "admin", 7, "healing", world.now, sealed));

      assertThat(server.requests().getFirst()).doesNotContain("&code=");
      assertThat(onlyState().change()).isEqualTo(Change.CONNECTED);
    }
  }

  @ParameterizedTest(name = "{0} {1} is {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          400 Bad  | {"error":"invalid_grant"}         | refused           | HTTP 400 invalid_grant
          200 OK   | {"error":"bad_verification_code"} | unavailable       | HTTP 200 bad_verification_code
          401 No   | {"error":"invalid_client"}        | misconfigured     | HTTP 401 invalid_client
          429 Slow | {}                                | throttled         | HTTP 429
          500 No   | {}                                | unavailable       | HTTP 500
          200 OK   | {}                                | unreadable_answer | HTTP 200, no access token
          """)
  void aFailureIsSaidAndWrittenDownAndNothingIsSentAgain(
      String status, String body, String code, String detail) throws Exception {
    try (WireServer server = provider(WireServer.answer(status, body))) {
      Event.CodeReceived event = world.code(KEY, "c1", Map.of());

      world.codeHandler.handle(event);
      world.codeHandler.handle(event);

      assertSettled(event, new Reason(code, detail));
      assertThat(server.requests()).hasSize(1);
      assertThat(world.store.find(KEY)).isEmpty();
    }
  }

  @Test
  void withoutAnAnswerTheOutcomeIsUnknownAndTheCodeIsNeverSentAgain() throws Exception {
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          peer.reset();
        })) {
      world.integration("sim", server.uri("/"));
      Event.CodeReceived event = world.code(KEY, "c1", Map.of());

      world.codeHandler.handle(event);
      world.codeHandler.handle(event);

      assertThat(world.failures())
          .singleElement()
          .satisfies(failed -> assertThat(failed.reason().code()).isEqualTo("outcome_unknown"));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void whatWasNotSentIsTriedAgainUntilTheDeadline() {
    try (World hurried = new World(Duration.ofMillis(400), 1)) {
      hurried.integration("sim", TestRequests.nobodyListens());
      Event.CodeReceived event = hurried.code(KEY, "c1", Map.of());

      hurried.codeHandler.handle(event);

      assertThat(hurried.failures())
          .singleElement()
          .extracting(Event.AuthorizationFailed::reason)
          .isEqualTo(new Reason("not_sent", "127.0.0.1: connection refused"));
    }
  }

  @Test
  void aFailureIsPublishedBeforeItIsWrittenDown() throws Exception {
    try (WireServer _ = provider(WireServer.answer("500 No", ""))) {
      Event.CodeReceived event = world.code(KEY, "c1", Map.of());
      world.topics.unreached("publish", 2);
      world.codes.outage.unreached("fail", 2);

      world.codeHandler.handle(event);

      assertSettled(event, new Reason("unavailable", "HTTP 500"));
      assertThat(world.topics.calls()).hasSize(3);
      assertThat(world.codes.outage.calls()).containsExactly("begin", "fail", "fail", "fail");
    }
  }

  @Test
  void aCredentialIsNotLostWhileTheStoreIsAway() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      world.codes.outage.unheard("begin", 1);
      world.store.outage.unreached("put", 2);
      world.topics.unreached("publish", 2);

      world.codeHandler.handle(world.code(KEY, "c1", Map.of()));

      assertThat(onlyState().change()).isEqualTo(Change.CONNECTED);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aPublicationThatFailsIsMadeUpForByTheNextRunAndTheCodeIsNotSentAgain() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      Event.CodeReceived event = world.code(KEY, "c1", Map.of());
      world.topics.unreached("publish", 1);

      assertThatThrownBy(() -> world.codeHandler.handle(event))
          .isInstanceOf(UnavailableException.class);
      world.codeHandler.handle(event);

      assertThat(server.requests()).hasSize(1);
      assertThat(world.store.row(KEY).published).isEqualTo(1);
      assertThat(onlyState().version()).isEqualTo(1);
    }
  }

  @Test
  void aStoredConsentThatIsStoredAgainIsSaidAgain() throws Exception {
    try (WireServer _ = provider(WireServer.answer("200 OK", ANSWER))) {
      world.store.outage.unheard("put", 1);
      world.topics.unreached("publish", 1);

      world.codeHandler.handle(world.code(KEY, "c1", Map.of()));

      assertThat(onlyState().version()).isEqualTo(1);
    }
  }

  @Test
  void aCredentialThatTheStoreCannotTakeGoesToTheJournal() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      world.store.outage.fenced("put", 1);
      Event.CodeReceived event = world.code(KEY, "c1", Map.of());

      world.codeHandler.handle(event);

      assertThat(server.requests()).hasSize(1);
      assertThat(world.published).hasSize(1);
      Event.ConsentJournaled consent = (Event.ConsentJournaled) world.published.getFirst();
      assertThat(consent.authorization()).isEqualTo(event.authorization());
      assertThat(consent.grant()).isEqualTo(event.grant());
    }
  }

  @Test
  void aCodeThatIsWithAnotherRunIsLookedAtAgainUntilItIsSettled() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      Event.CodeReceived event = world.code(KEY, "c1", Map.of());
      world.codes.begin(event, "another");

      assertThatThrownBy(() -> world.codeHandler.handle(event))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining(KEY.toString());
      assertThat(server.requests()).isEmpty();

      world.codes.fail(KEY, event.authorization(), Reason.of(Reason.OUTCOME_UNKNOWN));
      world.codeHandler.handle(event);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aCodeWaitsForAFencedShard() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      world.codes.outage.fenced("begin", 1);

      assertThatThrownBy(() -> world.codeHandler.handle(world.code(KEY, "c1", Map.of())))
          .isInstanceOf(NotReadyException.class);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aCodeWhoseRecordMayBeLostIsSettledAndNeverSent() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      Event.CodeReceived event = world.code(KEY, "c1", Map.of());
      world.codes.lost = true;

      world.codeHandler.handle(event);

      assertThat(server.requests()).isEmpty();
      assertThat(world.failures())
          .singleElement()
          .matches(failed -> failed.reason().code().equals(Reason.OUTCOME_UNKNOWN));
    }
  }

  @Test
  void anOlderConsentThanTheStoredOneFails() throws Exception {
    try (WireServer _ = provider(WireServer.answer("200 OK", ANSWER))) {
      world.connected(KEY, 8, "newer");
      Event.CodeReceived event = world.code(KEY, "c1", Map.of());

      world.codeHandler.handle(event);

      assertSettled(event, Reason.of("superseded"));
      assertThat(world.tokens(KEY).values()).containsEntry("access_token", "newer");
    }
  }

  @Test
  void aCodeOfAnIntegrationThatIsNotHereIsSettled() {
    Event.CodeReceived event = world.code(KEY, "c1", Map.of());

    world.codeHandler.handle(event);

    assertSettled(event, new Reason("misconfigured", "no definition of sim is loaded here"));
  }

  @Test
  void aCodeThatNoKeyOpensIsSettled() {
    world.integration("sim", TestRequests.nobodyListens());
    Event.CodeReceived event =
        new Event.CodeReceived(KEY, "c", 7, "healing", world.now, Sealed.of(new byte[] {1}));

    world.codeHandler.handle(event);

    assertSettled(event, new Reason("misconfigured", "no key here opens the authorization code"));
  }

  @Test
  void aRequestThatCannotBeRenderedIsSettled() {
    world.integration("sim", TestRequests.nobodyListens());
    Event.CodeReceived event = world.code(KEY, TestIntegration.UNRENDERABLE, Map.of());

    world.codeHandler.handle(event);

    assertSettled(
        event, new Reason("misconfigured", "sim: /access_token/data/code: not allowed here"));
  }

  private void assertSettled(Event.CodeReceived event, Reason reason) {
    assertThat(world.failures())
        .containsExactly(
            new Event.AuthorizationFailed(event.key(), event.authorization(), reason, world.now));
    assertThat(world.codes.progress(event.key(), event.authorization()))
        .isEqualTo(new Progress.Failed(reason));
  }

  private CredentialState onlyState() {
    assertThat(world.states()).hasSize(1);
    return world.states().getFirst();
  }

  private WireServer provider(String answer) {
    WireServer server = WireServer.answering(_ -> answer);
    world.integration("sim", server.uri("/token"));
    return server;
  }
}
