package dev.perennial.exchanger;

import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.exchanger.ExchangeListener.Breaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one provider answers: a circuit breaker over all its connections. A provider that
 * refuses, throttles or finds fault with our request lives. Starts no thread. Thread-safe.
 */
final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  /** How many of the last outcomes count, and from how many on they say something. */
  static final int WINDOW = 20;

  static final int LEAST = 10;

  /** In per cent. */
  static final int FAILING = 50;

  static final Duration STAYS_OPEN = Duration.ofSeconds(15);

  /** How many are let through to look whether it lives again. */
  static final int PROBES = 2;

  /** Why nothing was sent, where that is no fault of the provider's. */
  private static final List<String> OUR_OWN =
      List.of(
          "over before sending",
          "no longer allowed right before sending",
          "no free connection",
          "private address refused",
          "https only",
          "https only, except on loopback",
          "no host",
          "this process is stopping");

  private static final List<String> SAYS_SO = List.of("temporarily_unavailable", "server_error");

  private final CircuitBreaker breaker;
  private final InstantSource clock;
  private volatile Instant opened = Instant.EPOCH;

  Health(String integration, InstantSource clock, ExchangeListener listener) {
    this.clock = clock;
    listener.breaker(integration, Breaker.CLOSED);
    this.breaker =
        CircuitBreaker.of(
            integration,
            CircuitBreakerConfig.custom()
                .clock(clock.withZone(ZoneOffset.UTC))
                .slidingWindow(WINDOW, LEAST, SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(FAILING)
                .waitDurationInOpenState(STAYS_OPEN)
                .permittedNumberOfCallsInHalfOpenState(PROBES)
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(event -> {
          State now = event.getStateTransition().getToState();
          if (now == State.OPEN) {
            opened = clock.instant();
          }
          listener.breaker(integration, told(now));
          LOG.atWarn()
              .addKeyValue("integration", integration)
              .log("{}: its circuit breaker is {}", integration, now);
        });
  }

  private static Breaker told(State state) {
    return switch (state) {
      case OPEN, FORCED_OPEN -> Breaker.OPEN;
      case HALF_OPEN -> Breaker.HALF_OPEN;
      case CLOSED, DISABLED, METRICS_ONLY -> Breaker.CLOSED;
    };
  }

  /** Asks to be let through; empty while the provider is taken for dead. To be closed. */
  Optional<Visit> enter() {
    return breaker.tryAcquirePermission() ? Optional.of(new Visit(true)) : Optional.empty();
  }

  /** Goes through in any case, and counts. */
  Visit visit() {
    return new Visit(false);
  }

  /** How long it stays shut as far as is known; zero where others are looking already. */
  Duration left() {
    Duration left = Duration.between(clock.instant(), opened.plus(STAYS_OPEN));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** One attempt at the provider. Counts once. Not thread-safe. */
  final class Visit implements AutoCloseable {
    private boolean held;

    private Visit(boolean held) {
      this.held = held;
    }

    /** What came of it. */
    void count(Answer answer) {
      if (answer instanceof Answer.Bad(TokenOutcome.NotSent(String detail), var _)
          && OUR_OWN.stream().anyMatch(detail::endsWith)) {
        return;
      }
      held = false;
      if (lives(answer)) {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      } else {
        breaker.onError(0, TimeUnit.NANOSECONDS, new Down());
      }
    }

    /** Where nothing came of it, another may go instead. */
    @Override
    public void close() {
      if (held) {
        held = false;
        breaker.releasePermission();
      }
    }
  }

  /** Who answers with an error that we do not understand lives as well. */
  private static boolean lives(Answer answer) {
    if (!(answer instanceof Answer.Bad bad)) {
      return true;
    }
    return switch (bad.outcome()) {
      case TokenOutcome.NoAnswer _, TokenOutcome.NotSent _ -> false;
      case TokenOutcome.Unavailable unavailable ->
          !unavailable.detail().startsWith("HTTP 5") && SAYS_SO.stream().noneMatch(bad::has);
      case TokenOutcome.Granted _,
          TokenOutcome.Refused _,
          TokenOutcome.Throttled _,
          TokenOutcome.Misconfigured _,
          TokenOutcome.Unreadable _ ->
          true;
    };
  }

  private static final class Down extends Exception {
    private static final long serialVersionUID = 1L;

    Down() {
      super("the provider did not answer", null, false, false);
    }
  }
}
