package dev.perennial.domain.refresh;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.definition.RateLimit;
import java.time.Duration;

/**
 * Keeps the rate limits of definitions, for all processes together. Thread-safe; throws {@link
 * dev.perennial.domain.UnavailableException} where the store does not answer.
 */
public interface RateLimits {

  /**
   * Takes one request out of what the limit leaves.
   *
   * @param permit names the request among all; taken again, it counts from then on, and once
   * @return zero where it was taken; else how long from now to come back, and nothing was taken
   */
  Duration take(ConnectionKey key, RateLimit limit, String permit);
}
