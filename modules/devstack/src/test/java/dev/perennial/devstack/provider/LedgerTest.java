package dev.perennial.devstack.provider;

import static dev.perennial.devstack.provider.Caller.json;
import static dev.perennial.devstack.provider.Caller.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LedgerTest {
  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          ProviderProfile.named("one").build(), ProviderProfile.named("two").build());
  private final Ledger ledger = simulator.ledger();

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void itCountsWhatWasIssuedAndUsed() throws Exception {
    try (Caller one = new Caller(simulator.provider("one"));
        Caller two = new Caller(simulator.provider("two"))) {
      JsonNode first = one.connect();
      JsonNode second = two.connect();
      one.consent(Map.of());
      JsonNode refreshed = json(one.refresh(text(first, "refresh_token")));
      one.refresh(text(refreshed, "refresh_token"));
      two.refresh("never issued");

      assertThat(ledger.codesIssued()).isEqualTo(3);
      assertThat(ledger.refreshesGranted("one")).isEqualTo(2);
      assertThat(ledger.refreshesGranted("two")).isZero();
      assertThat(ledger.refreshes(text(first, "sim_grant"))).hasSize(2);
      assertThat(ledger.refreshes(text(second, "sim_grant"))).isEmpty();
      assertThat(ledger.refreshes("sim-client")).hasSize(3);
      assertThat(ledger.summary()).isEqualTo(new Ledger.Summary(3, 2, 0, 2, 1, 0, 1));
      assertThat(ledger.allSecretsIssued())
          .contains(text(first, "access_token"), text(refreshed, "refresh_token"))
          .allMatch(secret -> secret.startsWith("sim-"))
          .hasSize(3 + 2 + 2 + 2 + 2);
    }
  }

  @Test
  void itNeverPrintsASecret() throws Exception {
    try (Caller one = new Caller(simulator.provider("one"))) {
      String token = text(one.connect(), "refresh_token");
      one.refresh(token);
      one.refresh(token);

      String printed = ledger.uses() + " " + ledger.spentTwice() + " " + ledger.summary();

      assertThat(ledger.spentTwice()).hasSize(1);
      assertThat(ledger.allSecretsIssued()).noneMatch(printed::contains);
    }
  }

  @Test
  void somebodyElseIsHeldToTheSameRules() throws Exception {
    SimulatedProvider provider = simulator.provider("one");
    try (Caller one = new Caller(provider)) {
      String first = provider.handOut("mail.read");
      String second = provider.refresh(first, "elsewhere").orElseThrow();
      JsonNode third = json(one.refresh(second));

      assertThat(ledger.isCurrent(text(third, "refresh_token"))).isTrue();
      assertThat(ledger.spentTwice()).isEmpty();
      assertThat(provider.refresh(first, "elsewhere")).isEmpty();
      assertThat(ledger.spentTwice()).hasSize(1);
      assertThat(ledger.uses())
          .filteredOn(use -> use.worker().equals("elsewhere"))
          .extracting(Use::outcome, Use::delivery)
          .containsExactly(
              tuple(Use.Outcome.GRANTED, Delivery.WHOLE),
              tuple(Use.Outcome.REFUSED, Delivery.WHOLE));
      assertThat(ledger.summary()).isEqualTo(new Ledger.Summary(0, 0, 0, 2, 1, 1, 1));
    }
  }

  @Test
  void aChainCanBeFollowedByNames() throws Exception {
    try (Caller one = new Caller(simulator.provider("one"))) {
      String code = Objects.requireNonNull(one.consent(Map.of()).get("code"));
      String first = text(json(one.redeem(code, Map.of())), "refresh_token");
      String second = text(json(one.refresh(first)), "refresh_token");

      assertThat(ledger.uses()).extracting(Use::token).containsExactly("one-code-1", token(1));
      assertThat(ledger.uses()).extracting(Use::issued).containsExactly(token(1), token(2));
      assertThat(ledger.nameOf(code)).isEqualTo("one-code-1");
      assertThat(ledger.nameOf(second)).isEqualTo(token(2));
      assertThat(ledger.grantOf(second)).isEqualTo("one-1");
      assertThat(ledger.nameOf("never issued")).isEqualTo("unknown");
      assertThat(ledger.isCurrent(first)).isFalse();
      assertThat(ledger.isCurrent(second)).isTrue();
      assertThat(ledger.isCurrent("never issued")).isFalse();
      assertThat(ledger.grants())
          .containsExactly(new GrantState("one", "one-1", token(2), null, null));
    }
  }

  private static String token(int number) {
    return "one-refresh-token-" + number;
  }

  @Test
  void whyAGrantIsOverIsSaidAndItsTokensAreNotCurrentAnyMore() throws Exception {
    try (Caller one = new Caller(simulator.provider("one"))) {
      String code = Objects.requireNonNull(one.consent(Map.of()).get("code"));
      one.redeem(code, Map.of());
      one.redeem(code, Map.of());
      String replayed = text(one.connect(), "refresh_token");
      String kept = text(json(one.refresh(replayed)), "refresh_token");
      one.refresh(replayed);
      String given = text(one.connect(), "refresh_token");
      one.post(
          simulator.provider("one").revokeUri(),
          "client_id=sim-client&client_secret=sim-secret&token=" + given);
      String last = text(one.connect(), "refresh_token");
      assertThat(ledger.isCurrent(last)).isTrue();
      simulator.provider("one").revokeAllGrants();

      assertThat(ledger.grants())
          .extracting(GrantState::revocation)
          .containsExactly(
              Revocation.CODE_REPLAYED,
              Revocation.REFRESH_TOKEN_REPLAYED,
              Revocation.REQUESTED,
              Revocation.TAKEN_BACK);
      assertThat(ledger.grants()).allMatch(GrantState::isRevoked);
      assertThat(ledger.grants()).extracting(GrantState::revokedAt).doesNotContainNull();
      assertThat(List.of(kept, given, last)).noneMatch(ledger::isCurrent);
    }
  }

  @Test
  void whenAnAnswerLeftIsKnownOnceItDid() throws Exception {
    try (Caller one = new Caller(simulator.provider("one"))) {
      String token = text(one.connect(), "refresh_token");
      Use consent = whenDelivered();
      assertThat(consent.leftAt()).isAfterOrEqualTo(consent.at());

      simulator.provider("one").failNext(1, Fault.RESET_AFTER_PROCESSING);
      try (RawCall call = RawCall.refresh(simulator.provider("one"), token)) {
        call.readFor(Duration.ofSeconds(10));
      }
      assertThat(ledger.uses().getLast().issued()).isEqualTo(token(2));
      assertThat(ledger.uses().getLast().leftAt()).isNull();
    }
  }

  // Noted right after the last byte was written; the caller can be quicker.
  private Use whenDelivered() {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (ledger.uses().getLast().delivery() == Delivery.PENDING) {
      assertThat(System.nanoTime()).as("the time for it").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
    return ledger.uses().getLast();
  }

  @Test
  void anExcuseSeesBothUses() throws Exception {
    try (Caller one = new Caller(simulator.provider("one"))) {
      String token = text(one.connect(), "refresh_token");
      one.refresh(token);
      one.refresh(token);
      one.refresh(token);
      Use last = ledger.uses().getLast();

      assertThat(ledger.spentTwice()).hasSize(2);
      assertThat(ledger.spentTwice((first, again) -> again.order() == last.order()))
          .singleElement()
          .satisfies(found -> assertThat(found.first().order()).isLessThan(found.again().order()))
          .satisfies(found -> assertThat(found.again().order()).isLessThan(last.order()));
    }
  }

  @Test
  void twoCallsForOneGrantAtTheSameTimeAreSeen() throws Exception {
    try (Caller one = new Caller(simulator.provider("one"))) {
      String token = text(one.connect(), "refresh_token");
      assertThat(ledger.maxConcurrentPerFamily()).isEqualTo(1);

      simulator.provider("one").delay(Duration.ofMillis(200));
      List<HttpResponse<String>> answers =
          together(List.of(() -> one.refresh(token), () -> one.refresh(token)));

      assertThat(ledger.maxConcurrentPerFamily()).isEqualTo(2);
      assertThat(answers).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(200, 400);
      assertThat(ledger.spentTwice()).as("the one that lost spent it again").hasSize(1);
    }
  }

  @Test
  void manyGrantsAtOnceAreKeptApartAndQuick() throws Exception {
    int grants = 40;
    int refreshes = 25;
    try (Caller one = new Caller(simulator.provider("one"))) {
      List<Callable<Integer>> chains = new ArrayList<>();
      for (int i = 0; i < grants; i++) {
        chains.add(() -> chain(one, refreshes));
      }
      long before = System.nanoTime();

      assertThat(together(chains)).allMatch(granted -> granted == refreshes);

      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
      assertThat(ledger.summary()).isEqualTo(new Ledger.Summary(grants, grants, 0, 1_000, 0, 0, 1));
    }
  }

  private static int chain(Caller caller, int refreshes) throws Exception {
    String token = text(caller.connect(), "refresh_token");
    int granted = 0;
    for (int i = 0; i < refreshes; i++) {
      HttpResponse<String> answer = caller.refresh(token);
      token = text(json(answer), "refresh_token");
      granted += answer.statusCode() == 200 ? 1 : 0;
    }
    return granted;
  }

  private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    }
  }
}
