package dev.perennial.credentials;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How an exchanger stood a few seconds ago.
 *
 * @param process names it
 * @param places refreshes that it runs at once for one integration, at most
 * @param integrations those whose breaker is not closed or that have refreshes in flight; {@link
 *     RedisExchangerReports#MOST} at most
 */
public record ExchangerReport(String process, int places, Map<String, Standing> integrations) {
  public ExchangerReport {
    integrations = Map.copyOf(integrations);
  }

  /** Where a circuit breaker stands. */
  public enum Breaker {
    CLOSED,
    HALF_OPEN,
    OPEN;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Breaker> find(String text) {
      return Arrays.stream(values()).filter(it -> it.text().equals(text)).findFirst();
    }
  }

  /**
   * Of one integration.
   *
   * @param inFlight refreshes that run now
   */
  public record Standing(Breaker breaker, int inFlight) {
    /** Where nothing is said: all is well and nothing runs. */
    public static final Standing QUIET = new Standing(Breaker.CLOSED, 0);
  }
}
