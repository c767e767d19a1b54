package dev.perennial.devstack.provider;

import static dev.perennial.devstack.provider.Caller.json;
import static dev.perennial.devstack.provider.Caller.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.devstack.provider.Use.Kind;
import dev.perennial.devstack.provider.Use.Outcome;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulator stands in for a real server here: its own ledger says what really happened. */
class RecordingProxyTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(150);

  private final ManualClock clock = new ManualClock();
  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          0,
          clock,
          new SplittableRandom(1),
          List.of(
              ProviderProfile.named("once").build(),
              ProviderProfile.named("never").rotation(Rotation.NEVER).build(),
              ProviderProfile.named("repeats")
                  .rotation(Rotation.NEVER)
                  .refreshTokenRepeated()
                  .build(),
              ProviderProfile.named("window")
                  .rotation(Rotation.reusableFor(Duration.ofSeconds(30)))
                  .build(),
              ProviderProfile.named("form").formAnswers().build(),
              ProviderProfile.named("kind").errorsIn200().build()));
  private SimulatedProvider real = simulator.provider("once");
  private RecordingProxy proxy = before("once");
  private Caller caller = new Caller(real, proxy.tokenUri());

  @AfterEach
  void close() {
    caller.close();
    proxy.close();
    simulator.close();
  }

  private RecordingProxy before(String name) {
    Duration window = Duration.ofSeconds(name.equals("window") ? 30 : 0);
    return RecordingProxy.start(name, simulator.provider(name).tokenUri(), window, clock);
  }

  private void use(String name) {
    caller.close();
    proxy.close();
    real = simulator.provider(name);
    proxy = before(name);
    caller = new Caller(real, proxy.tokenUri());
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the time for it").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private Use last() {
    return proxy.ledger().uses().getLast();
  }

  private Use lastAtServer() {
    return simulator.ledger().uses().getLast();
  }

  /** What both ledgers must say alike of a use. */
  private record Entry(
      String provider,
      Kind kind,
      String token,
      String grant,
      String client,
      Outcome outcome,
      String detail,
      Delivery delivery,
      String issued,
      boolean spends,
      boolean reusable) {

    static List<Entry> of(Ledger ledger) {
      await(() -> ledger.uses().stream().noneMatch(use -> use.delivery() == Delivery.PENDING));
      return ledger.uses().stream().map(Entry::of).toList();
    }

    private static Entry of(Use use) {
      return new Entry(
          use.provider(),
          use.kind(),
          use.token(),
          use.grant(),
          use.client(),
          use.outcome(),
          use.detail(),
          use.delivery(),
          use.issued(),
          use.spends(),
          use.reusableUntil().isAfter(use.at()));
    }
  }

  private void assertThatBothAgree() {
    assertThat(Entry.of(proxy.ledger())).isEqualTo(Entry.of(simulator.ledger()));
    assertThat(proxy.ledger().summary()).isEqualTo(simulator.ledger().summary());
  }

  @ParameterizedTest
  @ValueSource(strings = {"once", "never", "repeats", "window", "form", "kind"})
  void itsLedgerSaysTheSameAsTheServersOwn(String name) throws Exception {
    use(name);
    String code = Objects.requireNonNull(caller.consent(Map.of()).get("code"));
    Map<String, String> first = fields(caller.redeem(code, Map.of()));
    Map<String, String> other = connect();
    String token = Objects.requireNonNull(first.get("refresh_token"));
    Map<String, String> second = fields(caller.refresh(token));
    caller.refresh(second.getOrDefault("refresh_token", token));
    caller.refresh(Objects.requireNonNull(other.get("refresh_token")));
    caller.token(Map.of("grant_type", "client_credentials"));
    caller.token(Map.of("grant_type", "password"));
    caller.token(Map.of("grant_type", "refresh_token", "client_secret", "wrong"));
    assertThatBothAgree();

    caller.refresh(token);
    clock.advance(Duration.ofSeconds(31));
    caller.refresh(token);
    caller.redeem(code, Map.of());

    assertThatBothAgree();
    assertThat(proxy.ledger().codesUsedTwice()).hasSize(1);
    assertThat(proxy.ledger().spentTwice())
        .hasSize(name.startsWith("re") || name.equals("never") ? 0 : name.equals("window") ? 1 : 2);
  }

  private Map<String, String> connect() throws Exception {
    String code = Objects.requireNonNull(caller.consent(Map.of()).get("code"));
    return fields(caller.redeem(code, Map.of()));
  }

  private static Map<String, String> fields(HttpResponse<String> answer) {
    if (!answer.body().startsWith("{")) {
      return Parameters.parse(answer.body()).asMap();
    }
    Map<String, String> fields = new HashMap<>();
    json(answer)
        .properties()
        .forEach(each -> fields.put(each.getKey(), each.getValue().asString()));
    return fields;
  }

  @Test
  void theWorkerIsWrittenDownAndNotPassedOn() throws Exception {
    caller.connect();

    assertThat(last().worker()).isEqualTo("caller");
    assertThat(lastAtServer().worker()).startsWith("port ");
  }

  @Test
  void answersComeBackAsTheyWereGiven() throws Exception {
    real.failNext(1, Fault.tooManyRequests(Duration.ofSeconds(7)));
    HttpResponse<String> throttled = caller.refresh("any");
    assertThat(throttled.statusCode()).isEqualTo(429);
    assertThat(throttled.headers().firstValue("Retry-After")).contains("7");
    assertThat(last().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(last().detail()).isEqualTo("status 429");

    real.failNext(1, Fault.redirect("http://127.0.0.1:9/elsewhere"));
    assertThat(caller.refresh("any").headers().firstValue("Location")).isPresent();
    real.failNext(1, Fault.status(503));
    assertThat(caller.refresh("any").statusCode()).isEqualTo(503);
    assertThat(last().outcome()).isEqualTo(Outcome.FAULT);
    assertThat(last().detail()).isEqualTo("status 503");
    real.failNext(1, Fault.NON_JSON);
    assertThat(caller.refresh("any").body()).isEqualTo("<html><body>Sorry!</body></html>");
    assertThat(last().outcome()).isEqualTo(Outcome.FAULT);
  }

  @Test
  void jsonBodiesBasicAuthenticationAndQueriesArriveToo() throws Exception {
    String token = text(caller.connect(), "refresh_token");
    String pair =
        Base64.getEncoder()
            .encodeToString("sim-client:sim-secret".getBytes(StandardCharsets.UTF_8));
    HttpRequest asJson =
        HttpRequest.newBuilder(proxy.tokenUri())
            .header("Content-Type", "application/json")
            .header("Authorization", "Basic " + pair)
            .POST(
                BodyPublishers.ofString(
                    "{\"grant_type\":\"refresh_token\",\"refresh_token\":\"" + token + "\"}"))
            .build();
    String next = text(json(caller.send(asJson)), "refresh_token");
    HttpRequest asQuery =
        HttpRequest.newBuilder(
                URI.create(proxy.tokenUri() + "?grant_type=refresh_token&refresh_token=" + next))
            .header("Authorization", "Basic " + pair)
            .POST(BodyPublishers.noBody())
            .build();

    assertThat(caller.send(asQuery).statusCode()).isEqualTo(200);

    assertThatBothAgree();
  }

  @Test
  void whatIsNoTokenRequestIsNotPassedOn() throws Exception {
    assertThat(caller.get(proxy.tokenUri()).statusCode()).isEqualTo(405);
    assertThat(caller.post(proxy.tokenUri().resolve("/else"), "a=b").statusCode()).isEqualTo(404);
    assertThat(caller.post(proxy.tokenUri(), "a=" + "b".repeat(1 << 20)).statusCode())
        .isEqualTo(413);
    assertThat(simulator.ledger().uses()).isEmpty();
    assertThatThrownBy(() -> RecordingProxy.start("x", URI.create("ftp://host/token")))
        .hasMessageContaining("ftp://host/token");
  }

  @Test
  void noSecretIsKeptOrPrinted() throws Exception {
    String token = text(caller.connect(), "refresh_token");
    caller.refresh(token);
    caller.refresh(token);

    String printed = proxy.ledger().uses() + " " + proxy.ledger().grants();

    assertThat(proxy.ledger().spentTwice()).hasSize(1);
    assertThat(proxy.ledger().allSecretsIssued()).isEmpty();
    assertThat(simulator.ledger().allSecretsIssued()).noneMatch(printed::contains);
  }

  @Test
  void aTokenItNeverSawBeginsAGrantAndARefusalOfTheNewestEndsOne() throws Exception {
    String token = text(caller.connect(), "refresh_token");
    String next = text(json(caller.refresh(token)), "refresh_token");
    assertThat(proxy.ledger().isCurrent(token)).isFalse();
    assertThat(proxy.ledger().isCurrent(next)).isTrue();
    assertThat(proxy.ledger().nameOf(next)).isEqualTo(simulator.ledger().nameOf(next));
    caller.refresh("never issued");
    assertThat(last().grant()).isEqualTo("once-2");

    real.revokeAllGrants();
    caller.refresh(token);
    assertThat(proxy.ledger().isCurrent(next)).as("an old one says nothing of it").isTrue();
    caller.refresh(next);

    assertThat(proxy.ledger().isCurrent(next)).isFalse();
    assertThat(proxy.ledger().grants())
        .extracting(GrantState::revocation)
        .containsExactly(Revocation.REFUSED, Revocation.REFUSED);
  }

  static List<Fault> spendingNothing() {
    return List.of(
        Fault.status(503),
        Fault.tooManyRequests(Duration.ofSeconds(7)),
        Fault.error(400, "invalid_grant"),
        Fault.HANG,
        Fault.RESET_BEFORE_PROCESSING,
        Fault.NON_JSON,
        Fault.NO_ACCESS_TOKEN,
        Fault.OK_FALSE,
        Fault.redirect("http://127.0.0.1:9/elsewhere"));
  }

  @ParameterizedTest
  @MethodSource("spendingNothing")
  void aFaultBeforeItIsPassedOnNeverReachesTheServer(Fault fault) throws Exception {
    String token = text(caller.connect(), "refresh_token");
    proxy.failNext(1, fault);
    try (RawCall call = RawCall.refresh(real, proxy.tokenUri(), token)) {
      assertThat(call.readFor(SHORT).bytes()).doesNotContain("sim-at-");
    }
    await(() -> last().outcome() == Outcome.FAULT && last().delivery() != Delivery.PENDING);

    assertThat(simulator.ledger().uses()).hasSize(1);
    assertThat(caller.refresh(token).statusCode()).isEqualTo(200);
    assertThat(proxy.ledger().spentTwice()).isEmpty();
  }

  static List<Fault> spending() {
    return List.of(
        Fault.HANG_AFTER_PROCESSING,
        Fault.RESET_AFTER_PROCESSING,
        Fault.lateAnswer(Duration.ofMillis(50)),
        Fault.slowBody(Duration.ofMillis(1)),
        Fault.TRUNCATED_JSON,
        Fault.OVERSIZE);
  }

  @ParameterizedTest
  @MethodSource("spending")
  void aFaultAfterItWasPassedOnComesWhenTheTokenIsSpent(Fault fault) throws Exception {
    boolean lost = fault instanceof Fault.Hang || fault instanceof Fault.Reset;
    String token = text(caller.connect(), "refresh_token");
    proxy.failNext(1, fault);
    try (RawCall call = RawCall.refresh(real, proxy.tokenUri(), token)) {
      String bytes = call.readFor(Duration.ofSeconds(1)).bytes();
      assertThat(bytes.contains("sim-at-")).isNotEqualTo(lost);
    }
    await(() -> last().spends() && last().delivery() != Delivery.PENDING);

    assertThat(last().delivery()).isEqualTo(lost ? Delivery.CUT : Delivery.WHOLE);
    assertThat(last().detail()).isEqualTo(fault.getClass().getSimpleName());
    assertThat(lastAtServer().spends()).isTrue();
    assertThat(last().issued()).isEqualTo(lastAtServer().issued());
    assertThat(caller.refresh(token).statusCode()).isEqualTo(400);
    assertThat(proxy.ledger().spentTwice()).hasSize(lost ? 0 : 1);
  }

  @Test
  void aServerWithoutAnAnswerIsAnErrorAndTheOutcomeUnknown() throws Exception {
    String token = text(caller.connect(), "refresh_token");
    real.failNext(1, Fault.RESET_AFTER_PROCESSING);

    assertThat(caller.refresh(token).statusCode()).isEqualTo(502);

    assertThat(last().outcome()).isEqualTo(Outcome.UNPROCESSED);
    assertThat(last().spends()).isFalse();
    simulator.close();
    assertThat(caller.refresh(token).statusCode()).isEqualTo(502);
    assertThat(proxy.ledger().spentTwice()).isEmpty();
  }

  @Test
  void aCallerThatLeavesBeforeTheServerAnswersHoldsNothing() throws Exception {
    String token = text(caller.connect(), "refresh_token");
    real.delay(SHORT);
    try (RawCall call = RawCall.refresh(real, proxy.tokenUri(), token)) {
      await(() -> simulator.ledger().uses().size() == 2);
      call.abandon();
    }
    await(() -> last().kind() == Kind.REFRESH_TOKEN && last().delivery() == Delivery.CUT);

    assertThat(last().outcome()).isEqualTo(Outcome.GRANTED);
    assertThat(last().spends()).isTrue();
    real.recover();
    caller.refresh(token);
    assertThat(proxy.ledger().spentTwice()).isEmpty();
  }

  @Test
  void aDelayAndARateOfFaultsAreTheProxysToo() throws Exception {
    proxy.delay(SHORT);
    long before = System.nanoTime();
    caller.connect();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(SHORT);
    proxy.recover();

    proxy.failWithProbability(1, 1, Fault.status(500));
    assertThat(caller.refresh("any").statusCode()).isEqualTo(500);
    proxy.failWithProbability(1, new SplittableRandom(1), List.of(Fault.status(501)));
    assertThat(caller.refresh("any").statusCode()).isEqualTo(501);
    assertThat(simulator.ledger().uses()).hasSize(1);
  }
}
