package dev.perennial.app.metric;

import static dev.perennial.app.metric.Metric.BREAKER;
import static dev.perennial.app.metric.Metric.CODE_EXCHANGE;
import static dev.perennial.app.metric.Metric.CODE_EXCHANGES;
import static dev.perennial.app.metric.Metric.LATE_REFRESHES;
import static dev.perennial.app.metric.Metric.LEASE_CONFLICTS;
import static dev.perennial.app.metric.Metric.POSTPONEMENTS;
import static dev.perennial.app.metric.Metric.REFRESHES;
import static dev.perennial.app.metric.Metric.REFRESH_EVENTS;
import static dev.perennial.app.metric.Metric.TIME_TO_EXPIRY;
import static dev.perennial.app.metric.Metric.TOKENLESS;
import static dev.perennial.app.metric.Metric.TOKEN_AGE;
import static dev.perennial.app.metric.Metric.TOKEN_CALL;
import static dev.perennial.app.metric.Metric.UNKNOWN_OUTCOMES;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.exchanger.ExchangeListener;
import dev.perennial.exchanger.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what the exchanger does. Thread-safe. */
public final class ExchangeMeters implements ExchangeListener {
  /** How an attempt ends. */
  static final Outcome[] ATTEMPTS = {
    Outcome.REFRESHED,
    Outcome.INCOMPLETE,
    Outcome.SUPERSEDED,
    Outcome.ORPHANED,
    Outcome.LEFT,
    Outcome.NOT_SENT,
    Outcome.THROTTLED,
    Outcome.UNAVAILABLE,
    Outcome.NO_ANSWER,
    Outcome.MISCONFIGURED,
    Outcome.UNREADABLE,
    Outcome.REFUSED
  };

  /** Why there was no attempt. */
  static final Outcome[] NO_ATTEMPTS = {
    Outcome.STALE,
    Outcome.BEHIND,
    Outcome.NOT_YET,
    Outcome.NOT_READY,
    Outcome.MISSING,
    Outcome.DELETED,
    Outcome.DONE_BEFORE,
    Outcome.PUBLISHED,
    Outcome.EXPIRED,
    Outcome.NOT_EXPIRED,
    Outcome.NO_DEFINITION
  };

  /** How a code ends. */
  static final Outcome[] EXCHANGES = {
    Outcome.CONNECTED,
    Outcome.DECLINED,
    Outcome.REFUSED,
    Outcome.THROTTLED,
    Outcome.UNAVAILABLE,
    Outcome.MISCONFIGURED,
    Outcome.NOT_SENT,
    Outcome.NO_ANSWER,
    Outcome.UNREADABLE,
    Outcome.OUTCOME_UNKNOWN,
    Outcome.SUPERSEDED,
    Outcome.FAILED
  };

  private final Meters meters;
  private final IntegrationLabels<Handles> handles;

  /** Makes the meters of every integration that can be used. */
  public ExchangeMeters(Meters meters, Integrations integrations) {
    this.meters = meters;
    this.handles = new IntegrationLabels<>(integrations, Handles::new);
    handles.usable();
  }

  private final class Handles {
    final Map<Outcome, Counter> refreshes = new EnumMap<>(Outcome.class);
    final Map<Outcome, Counter> exchanges = new EnumMap<>(Outcome.class);
    final Map<Breaker, Double> breaker = new EnumMap<>(Breaker.class);
    final DistributionSummary refreshCall;
    final DistributionSummary codeCall;
    final DistributionSummary exchange;
    final DistributionSummary age;
    final DistributionSummary left;
    final Counter late;
    final Counter tokenless;

    Handles(String integration) {
      for (Outcome outcome : ATTEMPTS) {
        refreshes.put(outcome, meters.counter(REFRESHES, integration, outcome.text()));
      }
      for (Outcome outcome : NO_ATTEMPTS) {
        refreshes.put(outcome, meters.counter(REFRESH_EVENTS, integration, outcome.text()));
      }
      for (Outcome outcome : EXCHANGES) {
        exchanges.put(outcome, meters.counter(CODE_EXCHANGES, integration, outcome.text()));
      }
      refreshes.put(
          Outcome.POSTPONED_RATE_LIMIT, meters.counter(POSTPONEMENTS, integration, "rate_limit"));
      refreshes.put(
          Outcome.POSTPONED_BREAKER, meters.counter(POSTPONEMENTS, integration, "breaker"));
      refreshes.put(Outcome.POSTPONED_PLACES, meters.counter(POSTPONEMENTS, integration, "places"));
      refreshes.put(Outcome.BUSY, meters.counter(LEASE_CONFLICTS, integration));
      refreshes.put(Outcome.UNKNOWN, meters.counter(UNKNOWN_OUTCOMES, integration));
      refreshCall = meters.histogram(TOKEN_CALL, integration, Work.REFRESH.text());
      codeCall = meters.histogram(TOKEN_CALL, integration, Work.CODE.text());
      exchange = meters.histogram(CODE_EXCHANGE, integration);
      age = meters.histogram(TOKEN_AGE, integration);
      left = meters.histogram(TIME_TO_EXPIRY, integration);
      late = meters.counter(LATE_REFRESHES, integration);
      tokenless = meters.counter(TOKENLESS, integration);
      become(Breaker.CLOSED);
      for (Breaker state : Breaker.values()) {
        meters.gauge(BREAKER, () -> breaker(state), integration, state.text());
      }
    }

    synchronized void become(Breaker now) {
      for (Breaker state : Breaker.values()) {
        breaker.put(state, state == now ? 1.0 : 0.0);
      }
    }

    private synchronized double breaker(Breaker state) {
      return breaker.getOrDefault(state, 0.0);
    }
  }

  @Override
  public void handled(Work work, ConnectionKey key, Outcome outcome, Duration took) {
    Handles of = handles.of(key.integration());
    switch (work) {
      case REFRESH -> count(of.refreshes.get(outcome));
      case CODE -> {
        Counter ended = of.exchanges.get(outcome);
        count(ended);
        if (ended != null) { // else another run has ended it, or will
          of.exchange.record(seconds(took));
        }
      }
    }
  }

  private static void count(@Nullable Counter counter) {
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void asked(Work work, ConnectionKey key, String result, Duration took) {
    Handles of = handles.of(key.integration());
    switch (work) {
      case REFRESH -> of.refreshCall.record(seconds(took));
      case CODE -> of.codeCall.record(seconds(took));
    }
  }

  @Override
  public void replaced(ConnectionKey key, @Nullable Duration age, @Nullable Duration left) {
    Handles of = handles.of(key.integration());
    if (age != null) {
      of.age.record(Math.max(0, seconds(age)));
    }
    if (left == null) {
      return;
    }
    of.left.record(Math.max(0, seconds(left)));
    if (left.isNegative()) {
      of.late.increment();
      of.tokenless.increment(-seconds(left));
    }
  }

  @Override
  public void breaker(String integration, Breaker state) {
    handles.of(integration).become(state);
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
