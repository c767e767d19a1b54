package dev.perennial.domain.credential;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * When only a new consent will help, as far as is known.
 *
 * @param at on the store's clock, in whole milliseconds
 * @param moves whether each refresh moves it later: the idle life of a refresh token
 */
public record GrantEnd(Instant at, boolean moves) {

  /** Cut to what every store keeps, so that a state is the same wherever it was. */
  public GrantEnd {
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }
}
