package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Hears what the exchanger does, on the thread that does it, so each method must return at once and
 * throw nothing. Nothing told here is secret. Thread-safe.
 */
public interface ExchangeListener {

  /** Hears nothing. */
  ExchangeListener NONE = new ExchangeListener() {};

  /** What the exchanger handles. */
  enum Work {
    REFRESH,
    CODE;

    /** The name in metrics and spans. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether a provider is asked. */
  enum Breaker {
    CLOSED,
    HALF_OPEN,
    OPEN;

    /** The name in metrics. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** An event was handled to its end. One that is to be handled again is not told. */
  default void handled(Work work, ConnectionKey key, Outcome outcome, Duration took) {}

  /**
   * A provider was asked for tokens.
   *
   * @param result {@code granted} or how it failed, as in {@link Outcome}
   */
  default void asked(Work work, ConnectionKey key, String result, Duration took) {}

  /**
   * New tokens took the place of old ones.
   *
   * @param age of the old access token; null = not known
   * @param left of its life at that moment, negative where it was over; null = it had no end
   */
  default void replaced(ConnectionKey key, @Nullable Duration age, @Nullable Duration left) {}

  /** A provider's circuit breaker stands like this from now on; told at its first use too. */
  default void breaker(String integration, Breaker state) {}

  /** Both, one after the other. */
  static ExchangeListener both(ExchangeListener one, ExchangeListener two) {
    return new ExchangeListener() {
      @Override
      public void handled(Work work, ConnectionKey key, Outcome outcome, Duration took) {
        one.handled(work, key, outcome, took);
        two.handled(work, key, outcome, took);
      }

      @Override
      public void asked(Work work, ConnectionKey key, String result, Duration took) {
        one.asked(work, key, result, took);
        two.asked(work, key, result, took);
      }

      @Override
      public void replaced(ConnectionKey key, @Nullable Duration age, @Nullable Duration left) {
        one.replaced(key, age, left);
        two.replaced(key, age, left);
      }

      @Override
      public void breaker(String integration, Breaker state) {
        one.breaker(integration, state);
        two.breaker(integration, state);
      }
    };
  }
}
