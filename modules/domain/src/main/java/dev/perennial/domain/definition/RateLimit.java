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

  private static final Duration UNDER_WAY = Duration.ofMillis(250);
  private static final int PART = 4;

  /**
   * @throws IllegalArgumentException where a part is not positive
   */
  public RateLimit {
    if (requests < 1 || window.compareTo(Duration.ZERO) <= 0) {
      throw new IllegalArgumentException("rate limit: " + requests + " in " + window);
    }
  }

  /**
   * How long a request may be under way, from being permitted until the provider sees it, each one
   * by a time of its own: 250 ms, and a quarter of a short window. By so much longer the window is
   * kept, or those that were slow would meet those that were fast.
   */
  public Duration underWay() {
    Duration part = window.dividedBy(PART);
    return part.compareTo(UNDER_WAY) < 0 ? part : UNDER_WAY;
  }
}
