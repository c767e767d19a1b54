package dev.perennial.devstack.provider;

import static dev.perennial.devstack.provider.Caller.json;
import static dev.perennial.devstack.provider.Caller.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.devstack.provider.Use.Kind;
import dev.perennial.devstack.provider.Use.Outcome;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class FaultTest {
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofSeconds(10);

  private final ProviderSimulator simulator =
      ProviderSimulator.start(ProviderProfile.named("sim").build());
  private final SimulatedProvider provider = simulator.provider("sim");
  private final Caller caller = new Caller(provider);
  private String token = "";

  @BeforeEach
  void connect() throws Exception {
    token = text(caller.connect(), "refresh_token");
  }

  @AfterEach
  void close() {
    simulator.close();
    caller.close();
  }

  private Use last() {
    return simulator.ledger().uses().getLast();
  }

  // The consent's own use of its code stands in the ledger before.
  private void awaitRefresh(Predicate<Use> wanted) {
    await(() -> last().kind() == Kind.REFRESH_TOKEN && wanted.test(last()));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the time for it").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void aStatusComesWithItsHeadersAndSpendsNothing() throws Exception {
    provider.failNext(1, Fault.tooManyRequests(Duration.ofSeconds(7)));

    HttpResponse<String> answer = caller.refresh(token);

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("7");
    assertThat(last().outcome()).isEqualTo(Outcome.FAULT);
    assertThat(caller.refresh(token).statusCode()).isEqualTo(200);
    assertThat(simulator.ledger().spentTwice()).isEmpty();
  }

  @Test
  void plannedFaultsComeInOrderAndThenNoMore() throws Exception {
    provider.failNext(2, Fault.status(503));
    provider.failNext(1, Fault.error(400, "invalid_grant"));

    assertThat(caller.refresh(token).statusCode()).isEqualTo(503);
    assertThat(caller.refresh(token).statusCode()).isEqualTo(503);
    assertThat(text(json(caller.refresh(token)), "error")).isEqualTo("invalid_grant");
    assertThat(caller.refresh(token).statusCode()).isEqualTo(200);
  }

  @Test
  void probableFaultsAreDrawnFromTheSeedUntilRecovery() throws Exception {
    provider.failWithProbability(0.5, 42, Fault.status(500));
    int failed = 0;
    for (int i = 0; i < 40; i++) {
      HttpResponse<String> answer = caller.refresh(token);
      if (answer.statusCode() == 500) {
        failed++;
      } else {
        token = text(json(answer), "refresh_token");
      }
    }
    assertThat(failed).isBetween(8, 32);

    provider.failWithProbability(1, 42, Fault.status(500));
    assertThat(caller.refresh(token).statusCode()).isEqualTo(500);
    provider.recover();
    assertThat(caller.refresh(token).statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> provider.failWithProbability(Double.NaN, 1, Fault.HANG))
        .hasMessageContaining("probability");
  }

  @Test
  void severalFaultsAreDrawnFromOneSeedAndTheSameSeedDrawsTheSame() throws Exception {
    List<Fault> faults = List.of(Fault.status(500), Fault.status(503));
    provider.failWithProbability(0.5, new SplittableRandom(7), faults);
    List<Integer> once = statuses();
    provider.failWithProbability(0.5, new SplittableRandom(7), faults);

    assertThat(once).contains(500, 503, 200);
    assertThat(statuses()).isEqualTo(once);

    provider.failWithProbability(0, new SplittableRandom(7), faults);
    assertThat(statuses()).containsOnly(200);
    assertThatThrownBy(() -> provider.failWithProbability(1, new SplittableRandom(7), List.of()))
        .hasMessageContaining("no fault");
  }

  private List<Integer> statuses() throws Exception {
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> answer = caller.refresh(token);
      statuses.add(answer.statusCode());
      if (answer.statusCode() == 200) {
        token = text(json(answer), "refresh_token");
      }
    }
    return statuses;
  }

  @Test
  void aHangSaysNothingUntilTheCallerLeaves() throws Exception {
    provider.failNext(1, Fault.HANG);
    try (RawCall call = RawCall.refresh(provider, token)) {
      assertThat(call.readFor(SHORT)).isEqualTo(new RawCall.Seen("", RawCall.End.SILENT));
    }
    awaitRefresh(use -> use.delivery() == Delivery.CUT);
    assertThat(caller.refresh(token).statusCode()).isEqualTo(200);
  }

  @Test
  void closingTheSimulatorEndsWhatHangs() throws Exception {
    provider.failNext(1, Fault.HANG);
    try (RawCall call = RawCall.refresh(provider, token)) {
      await(() -> simulator.ledger().uses().size() == 2);
      simulator.close();

      assertThat(call.readFor(LONG).end()).isNotEqualTo(RawCall.End.SILENT);
    }
  }

  @Test
  void aResetBeforeProcessingSpendsNothing() throws Exception {
    provider.failNext(1, Fault.RESET_BEFORE_PROCESSING);
    try (RawCall call = RawCall.refresh(provider, token)) {
      assertThat(call.readFor(LONG)).isEqualTo(new RawCall.Seen("", RawCall.End.RESET));
    }
    assertThat(caller.refresh(token).statusCode()).isEqualTo(200);
  }

  @Test
  void aResetAfterProcessingSpendsTheTokenAndNobodyHoldsTheNext() throws Exception {
    provider.failNext(1, Fault.RESET_AFTER_PROCESSING);
    try (RawCall call = RawCall.refresh(provider, token)) {
      assertThat(call.readFor(LONG)).isEqualTo(new RawCall.Seen("", RawCall.End.RESET));
    }
    assertThat(last().spends()).isTrue();
    assertThat(last().delivery()).isEqualTo(Delivery.CUT);

    assertThat(caller.refresh(token).statusCode()).isEqualTo(400);
    assertThat(simulator.ledger().spentTwice()).as("the first answer never left").isEmpty();
  }

  @Test
  void aLateAnswerIsProcessedAtOnceAndComesLater() throws Exception {
    provider.failNext(1, Fault.lateAnswer(Duration.ofMillis(300)));
    try (RawCall call = RawCall.refresh(provider, token)) {
      awaitRefresh(use -> use.spends());
      assertThat(last().delivery()).isEqualTo(Delivery.PENDING);
      assertThat(call.readFor(LONG).bytes()).contains("access_token");
    }
    awaitRefresh(use -> use.delivery() == Delivery.WHOLE);
  }

  @Test
  void aCallerThatGivesUpOnALateAnswerHoldsNothing() throws Exception {
    provider.failNext(1, Fault.lateAnswer(LONG));
    try (RawCall call = RawCall.refresh(provider, token)) {
      awaitRefresh(use -> use.spends());
      call.abandon();
    }
    awaitRefresh(use -> use.delivery() == Delivery.CUT);
    assertThat(caller.refresh(token).statusCode()).isEqualTo(400);
    assertThat(simulator.ledger().spentTwice()).isEmpty();
  }

  @Test
  void aCallerThatResetsWithoutReadingHasNotReadTheAnswer() throws Exception {
    provider.failNext(1, Fault.lateAnswer(SHORT));
    try (RawCall call = RawCall.keptAlive(provider, token)) {
      awaitRefresh(use -> use.delivery() == Delivery.WHOLE);
      call.abandon();
    }
    awaitRefresh(use -> use.delivery() == Delivery.UNREAD);
    caller.refresh(token);
    assertThat(simulator.ledger().spentTwice()).isEmpty();
  }

  @Test
  void aSlowBodyComesByteByByteAndIsWholeInTheEnd() throws Exception {
    provider.failNext(1, Fault.slowBody(Duration.ofMillis(2)));
    try (RawCall call = RawCall.refresh(provider, token)) {
      RawCall.Seen seen = call.readFor(LONG);
      assertThat(seen.end()).isEqualTo(RawCall.End.CLOSED);
      assertThat(seen.bytes()).startsWith("HTTP/1.1 200").endsWith("}");
    }
    awaitRefresh(use -> use.delivery() == Delivery.WHOLE);
  }

  @Test
  void aTruncatedJsonIsACompleteMessageThatCannotBeParsed() throws Exception {
    provider.failNext(1, Fault.TRUNCATED_JSON);

    HttpResponse<String> answer = caller.refresh(token);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("sim-rt-");
    assertThatThrownBy(() -> json(answer)).isInstanceOf(JacksonException.class);
    assertThat(last().spends()).isTrue();
    assertThat(last().detail()).isEqualTo("TruncatedJson");
  }

  @Test
  void anOversizeAnswerIsTwoMebibytes() throws Exception {
    provider.failNext(1, Fault.OVERSIZE);

    HttpResponse<String> answer = caller.refresh(token);

    assertThat(answer.body()).hasSize(2 << 20);
    assertThat(text(json(answer), "access_token")).startsWith("sim-at-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"html", "empty", "ok", "github", "redirect"})
  void answersThatOnlyLookGoodGrantNothing(String which) throws Exception {
    provider.failNext(
        1,
        switch (which) {
          case "html" -> Fault.NON_JSON;
          case "empty" -> Fault.NO_ACCESS_TOKEN;
          case "ok" -> Fault.OK_FALSE;
          case "github" -> Fault.BAD_VERIFICATION_CODE;
          default -> Fault.redirect("http://127.0.0.1:9/elsewhere");
        });

    HttpResponse<String> answer = caller.refresh(token);

    assertThat(answer.statusCode()).isEqualTo(which.equals("redirect") ? 302 : 200);
    assertThat(answer.body()).doesNotContain("sim-at-");
    assertThat(last().outcome()).isEqualTo(Outcome.FAULT);
    assertThat(caller.refresh(token).statusCode()).isEqualTo(200);
  }

  @Test
  void aDelayedRequestWhoseCallerLeftIsNotProcessed() throws Exception {
    provider.delay(LONG);
    try (RawCall call = RawCall.refresh(provider, token)) {
      await(() -> simulator.ledger().uses().size() == 2);
      call.abandon();
    }
    awaitRefresh(use -> use.delivery() == Delivery.CUT);
    assertThat(last().outcome()).isEqualTo(Outcome.UNPROCESSED);

    provider.recover();
    assertThat(caller.refresh(token).statusCode()).isEqualTo(200);
  }

  @Test
  void aDelayHoldsTheAnswerBack() throws Exception {
    provider.delay(SHORT);
    long before = System.nanoTime();

    assertThat(caller.refresh(token).statusCode()).isEqualTo(200);

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(SHORT);
  }

  @Test
  void whatIsNotHttpIsRefusedAndWhatIsNotHereNotFound() throws Exception {
    assertThat(caller.post(provider.tokenUri(), "a=%zz").statusCode()).isEqualTo(400);
    assertThat(caller.get(simulator.baseUri().resolve("/p/nobody/token")).statusCode())
        .isEqualTo(404);
  }
}
