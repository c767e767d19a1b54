package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.event.Event;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RefreshHandlerTest {
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
  void aProbeThatWasOvertakenBeforeItWasWrittenIsNotWritten() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      world.connected(KEY);
      vanish();
      world.now = world.now.plusSeconds(120);
      // The one that vanished comes back and commits, between the probe's begin and its write.
      world.store.onFind = () -> world.store.row(KEY).tokenGen++;

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).isEmpty();
      assertThat(world.published).isEmpty();
      assertThat(world.store.row(KEY).status).isEqualTo(Status.ACTIVE);
    }
  }

  @Test
  void aVersionThatNobodyWasToldIsSaidFirst() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      world.connected(KEY);
      world.store.row(KEY).version = 5;

      world.refreshes.handle(world.due(KEY, 1));

      assertThat(onlyState().version()).isEqualTo(5);
      assertThat(world.store.row(KEY).published).isEqualTo(5);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void dropsWhateverIsNotItsTurn() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      CredentialState state = world.connected(KEY);

      world.refreshes.handle(world.due(KEY, state.version() - 1)); // stale
      world.refreshes.handle(world.due(KEY, state.version() + 1)); // behind
      world.refreshes.handle(world.due(ConnectionKey.parse("sim/nobody"), 1)); // missing
      world.store.row(KEY).nextAttemptAt = world.now.plusSeconds(1);
      world.refreshes.handle(world.due(KEY)); // not yet
      world.store.row(KEY).nextAttemptAt = null;
      vanish();
      world.refreshes.handle(world.due(KEY)); // busy
      world.now = world.now.plusSeconds(61);
      world.refreshes.handle(world.due(KEY)); // unknown
      world.store.row(KEY).status = Status.DELETED;
      world.refreshes.handle(world.due(KEY)); // deleted

      assertThat(server.peers()).isEmpty();
      assertThat(world.published).isEmpty();
      assertThat(world.store.outage.calls()).containsOnly("begin");
    }
  }

  @Test
  void anIntegrationThatIsNotHereIsLeftToTheDueIndex() {
    world.connected(KEY);

    world.refreshes.handle(world.due(KEY));

    assertThat(world.store.outage.calls()).isEmpty();
    assertThat(world.published).isEmpty();
  }

  @Test
  void whatNothingCanRenewExpires() {
    world.integration(
        new TestIntegration("sim", URI.create("https://sim.test/"), false, Lifetime.UNSAID));
    world.connected(KEY);

    world.refreshes.handle(world.due(KEY));
    assertThat(world.published).isEmpty();

    world.now = world.now.plusSeconds(3600);
    world.refreshes.handle(world.due(KEY));
    assertThat(onlyState().status()).isEqualTo(Status.EXPIRED);
    assertThat(world.store.row(KEY).published).isEqualTo(onlyState().version());

    world.refreshes.handle(world.due(KEY, 1));
    assertThat(world.published).hasSize(1);
  }

  @Test
  void anAnswerIsNotLostWhileTheStoreIsAway() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      world.connected(KEY);
      world.store.outage.unreached("commit", 3);
      world.topics.unreached("publish", 3);

      world.refreshes.handle(world.due(KEY));

      assertThat(world.tokens(KEY).values()).containsEntry("refresh_token", "r2");
      assertThat(server.requests()).hasSize(1);
      assertThat(world.store.outage.calls()).filteredOn("commit"::equals).hasSize(4);
      assertThat(onlyState().change()).isEqualTo(Change.REFRESHED);
    }
  }

  @Test
  void anAnswerThatTheStoreCannotTakeGoesToTheJournal() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      CredentialState before = world.connected(KEY);
      world.store.outage.unreached("commit", 1);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).hasSize(1);
      assertThat(world.published).hasSize(1);
      assertJournaled(before);
    }
  }

  @Test
  void anAnswerForAFencedShardGoesToTheJournal() throws Exception {
    try (WireServer _ = provider(WireServer.answer("200 OK", ANSWER))) {
      CredentialState before = world.connected(KEY);
      world.store.outage.fenced("commit", 1);

      world.refreshes.handle(world.due(KEY));

      assertJournaled(before);
    }
  }

  @Test
  void anEventForAFencedShardIsDropped() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      world.connected(KEY);
      world.store.outage.fenced("begin", 1);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).isEmpty();
      assertThat(world.store.outage.calls()).containsExactly("begin");
    }
  }

  /** What commit would have been given. */
  private void assertJournaled(CredentialState base) {
    Event.AnswerJournaled answer = (Event.AnswerJournaled) world.published.getFirst();
    assertThat(answer.grant()).isEqualTo(base.grant());
    assertThat(answer.tokenGen()).isEqualTo(base.tokenGen());
    assertThat(answer.attempt()).isEqualTo("attempt-1");
    assertThat(answer.last()).isTrue();
    assertThat(world.payloads.openTokens(KEY, answer.tokens().sealed()).values())
        .containsEntry("refresh_token", "r2")
        .containsEntry("team", "t");
  }

  @Test
  void stepsThatHappenedUnheardHappenOnce() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      CredentialState before = world.connected(KEY);
      world.store.outage.unheard("begin", 1);
      world.store.outage.unheard("commit", 1);
      world.topics.unreached("publish", 1);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).hasSize(1);
      assertThat(onlyState().version()).isEqualTo(before.version() + 1);
      assertThat(onlyState().tokenGen()).isEqualTo(before.tokenGen() + 1);
    }
  }

  @Test
  void aFailureIsRecordedOnceTheStoreIsBack() throws Exception {
    try (WireServer _ = provider(error("400 Bad", "invalid_grant"))) {
      world.connected(KEY);
      world.store.outage.unreached("fail", 2);

      world.refreshes.handle(world.due(KEY));

      assertThat(onlyState().status()).isEqualTo(Status.REAUTHORIZATION_REQUIRED);
    }
  }

  @Test
  void aPublicationThatFailsIsMadeUpForByTheNextRun() throws Exception {
    try (WireServer server = provider(WireServer.answer("200 OK", ANSWER))) {
      world.connected(KEY);
      var due = world.due(KEY);
      world.topics.unreached("publish", 1);

      assertThatThrownBy(() -> world.refreshes.handle(due))
          .isInstanceOf(UnavailableException.class);
      world.refreshes.handle(due);
      world.refreshes.handle(due);

      assertThat(onlyState().change()).isEqualTo(Change.REFRESHED);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void closingEndsTheWaitForTheStore() throws Exception {
    try (WireServer _ = provider(WireServer.answer("200 OK", ANSWER))) {
      world.connected(KEY);
      world.store.outage.unreached("commit", 1_000_000);
      world.topics.unreached("publish", 1_000_000);
      var due = world.due(KEY);
      CompletableFuture<?> run = CompletableFuture.runAsync(() -> world.refreshes.handle(due));
      await(() -> world.store.outage.calls().contains("commit"));

      world.refreshes.close();

      assertThatThrownBy(() -> run.get(5, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void aConsentThatCameMeanwhileWins() throws Exception {
    whileInFlight(() -> world.connected(KEY, 9, "n"), WireServer.answer("200 OK", ANSWER));

    assertThat(world.tokens(KEY).values()).containsEntry("access_token", "n");
    assertThat(world.published).isEmpty();
  }

  @Test
  void aDeletionThatCameMeanwhileStays() throws Exception {
    whileInFlight(() -> world.store.delete(KEY, 9), WireServer.answer("200 OK", ANSWER));

    assertThat(world.store.row(KEY).status).isEqualTo(Status.DELETED);
    assertThat(world.published).isEmpty();
  }

  @Test
  void anAnswerForACredentialThatTheStoreLostMeanwhileGoesToTheJournal() throws Exception {
    whileInFlight(() -> world.store.forget(KEY), WireServer.answer("200 OK", ANSWER));

    assertThat(world.store.find(KEY)).isEmpty();
    assertThat(world.published).singleElement().isInstanceOf(Event.AnswerJournaled.class);
  }

  @Test
  void aRefusalThatComesAfterANewConsentHarmsNobody() throws Exception {
    whileInFlight(() -> world.connected(KEY, 9, "n"), error("400 Bad", "invalid_grant"));

    assertThat(world.store.row(KEY).status).isEqualTo(Status.ACTIVE);
    assertThat(world.published).isEmpty();
  }

  @Test
  void aHarmlessReplayIsTriedAgainAtOnce() throws Exception {
    try (WireServer server = WireServer.answering(_ -> WireServer.answer("200 OK", ANSWER))) {
      Lifetime always = new Lifetime(null, null, null, null, ReuseWindow.ALWAYS);
      world.integration(new TestIntegration("sim", server.uri("/token"), true, always));
      world.connected(KEY);
      vanish();
      world.now = world.now.plusSeconds(61);

      world.refreshes.handle(world.due(KEY));

      assertThat(onlyState().change()).isEqualTo(Change.REFRESHED);
    }
  }

  @Test
  void aProviderThatHangsTakesItsOwnPlacesAndOthersFlow() throws Exception {
    CountDownLatch hanging = new CountDownLatch(2);
    ConnectionKey other = ConnectionKey.parse("other/acme");
    try (World crowded = new World(Duration.ofSeconds(10), 2);
        WireServer hangs =
            new WireServer(peer -> {
              peer.read();
              hanging.countDown();
              peer.closedByClient();
            });
        WireServer flows = WireServer.answering(_ -> WireServer.answer("200 OK", ANSWER))) {
      crowded.integration("sim", hangs.uri("/"));
      crowded.integration("other", flows.uri("/"));
      crowded.connected(other);
      for (String id : new String[] {"a", "b", "c"}) {
        crowded.connected(new ConnectionKey("sim", id));
      }
      inBackground(crowded, new ConnectionKey("sim", "a"));
      inBackground(crowded, new ConnectionKey("sim", "b"));
      assertThat(hanging.await(5, TimeUnit.SECONDS)).isTrue();

      ConnectionKey third = new ConnectionKey("sim", "c");
      crowded.refreshes.handle(crowded.due(third));
      crowded.refreshes.handle(crowded.due(other));

      assertThat(crowded.store.row(third).attempt).isNull();
      assertThat(crowded.store.row(third).dueAt)
          .isBetween(World.START.plusSeconds(1), World.START.plusSeconds(3));
      assertThat(crowded.states()).extracting(CredentialState::key).containsExactly(other);
    }
  }

  @Test
  void aPlaceIsFreeAgainAfterEachRun() throws Exception {
    try (World narrow = new World(Duration.ofSeconds(10), 1);
        WireServer server = WireServer.answering(_ -> error("400 Bad", "invalid_request"))) {
      narrow.integration("sim", server.uri("/"));
      for (String id : new String[] {"a", "b", "c"}) {
        narrow.connected(new ConnectionKey("sim", id));
        narrow.refreshes.handle(narrow.due(new ConnectionKey("sim", id)));
      }

      assertThat(server.requests()).hasSize(3);
    }
  }

  private static void inBackground(World world, ConnectionKey key) {
    var due = world.due(key);
    Thread.startVirtualThread(() -> world.refreshes.handle(due));
  }

  /** An attempt begins that is never heard of again. */
  private void vanish() {
    world.store.begin(KEY, world.store.row(KEY).version, "vanished", ReuseWindow.NONE);
    world.store.outage.calls().clear();
  }

  private void whileInFlight(Runnable meanwhile, String answer) throws Exception {
    try (WireServer server =
        WireServer.answering(_ -> {
          meanwhile.run();
          return answer;
        })) {
      world.integration("sim", server.uri("/token"));
      world.connected(KEY);

      world.refreshes.handle(world.due(KEY));

      assertThat(server.requests()).hasSize(1);
    }
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

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
