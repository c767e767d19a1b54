package dev.perennial.domain.definition;

import java.time.Duration;

/**
 * How many token requests a provider takes, kept by all processes together.
 *
 * @param requests at most, positive
 * @param window in which they are counted, positive
 * @param perConnection counted for each connection; else for the integration
 */
public record RateLimit(int requests, Duration window, boolean perConnection) {

  /**
   * @throws IllegalArgumentException where a part is not positive
   */
  public RateLimit {
    if (requests < 1 || window.compareTo(Duration.ZERO) <= 0) {
      throw new IllegalArgumentException("rate limit: " + requests + " in " + window);
    }
  }
}
