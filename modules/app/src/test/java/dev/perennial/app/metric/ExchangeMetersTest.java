package dev.perennial.app.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.admin.KnownIntegrations;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.exchanger.ExchangeListener.Breaker;
import dev.perennial.exchanger.ExchangeListener.Work;
import dev.perennial.exchanger.Outcome;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExchangeMetersTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("google/acme");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ProcessMetrics process = new ProcessMetrics();
  private final ExchangeMeters meters =
      new ExchangeMeters(process.meters(), new KnownIntegrations().with("google", true, true));

  @AfterEach
  void close() {
    process.close();
  }

  @Test
  void everyOutcomeIsCountedOnceAtMost() {
    Set<Outcome> ofCodesAlone =
        EnumSet.of(
            Outcome.CONNECTED,
            Outcome.DECLINED,
            Outcome.OUTCOME_UNKNOWN,
            Outcome.FAILED,
            Outcome.ELSEWHERE,
            Outcome.FAILED_BEFORE);
    for (Outcome outcome : Outcome.values()) {
      double before = sum();
      meters.handled(Work.REFRESH, KEY, outcome, SECOND);
      assertThat(sum() - before)
          .as("%s", outcome)
          .isEqualTo(ofCodesAlone.contains(outcome) ? 0 : 1);
    }
  }

  private double sum() {
    return process
        .scrape()
        .lines()
        .filter(line -> line.startsWith("perennial_") && line.contains("_total{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void aCodeThatAnotherRunHasIsNotCounted() {
    meters.handled(Work.CODE, KEY, Outcome.ELSEWHERE, SECOND);
    meters.handled(Work.CODE, KEY, Outcome.CONNECTED, SECOND);
    shows("perennial_code_exchanges_total{integration=\"google\",outcome=\"connected\"} 1.0");
    shows("perennial_code_exchange_seconds_count{integration=\"google\"} 1");
  }

  @Test
  void aCounterIsThereBeforeItCounts() {
    shows("perennial_refreshes_total{integration=\"google\",outcome=\"misconfigured\"} 0.0");
    shows("perennial_unknown_outcomes_total{integration=\"google\"} 0.0");
    shows("perennial_breaker_state{integration=\"google\",state=\"closed\"} 1.0");
  }

  @Test
  void whatIsLeftOfATokenSaysWhetherWeAreEarlyEnough() {
    meters.replaced(KEY, Duration.ofMinutes(45), Duration.ofMinutes(15));
    meters.replaced(KEY, Duration.ofMinutes(61), Duration.ofMinutes(-1));
    meters.replaced(KEY, null, null);
    shows("perennial_time_to_expiry_seconds_bucket{integration=\"google\",le=\"1.0\"} 1");
    shows("perennial_time_to_expiry_seconds_bucket{integration=\"google\",le=\"900.0\"} 2");
    shows("perennial_time_to_expiry_seconds_count{integration=\"google\"} 2");
    shows("perennial_late_refreshes_total{integration=\"google\"} 1.0");
    shows("perennial_tokenless_seconds_total{integration=\"google\"} 60.0");
    shows("perennial_token_age_seconds_count{integration=\"google\"} 2");
  }

  @Test
  void aBreakerIsInOneStateAtATime() {
    for (Breaker state : List.of(Breaker.OPEN, Breaker.HALF_OPEN)) {
      meters.breaker("google", state);
      for (Breaker other : Breaker.values()) {
        shows(
            "perennial_breaker_state{integration=\"google\",state=\"%s\"} %s"
                .formatted(other.text(), other == state ? "1.0" : "0.0"));
      }
    }
  }

  @Test
  void nobodyOutsideMakesNewSeries() {
    for (int i = 0; i < 1_000; i++) {
      meters.asked(Work.CODE, new ConnectionKey("made-up-" + i, "x"), "granted", SECOND);
    }
    shows("perennial_token_call_seconds_count{integration=\"other\",purpose=\"code\"} 1000");
    assertThat(process.scrape()).doesNotContain("made-up");
  }

  private void shows(String line) {
    assertThat(process.scrape().lines()).contains(line);
  }
}
