package dev.perennial.domain.definition;

import java.util.Locale;

/** What an error of a provider means for the grant. */
public enum ErrorMeaning {
  /** The grant is over; only a new consent helps. */
  REFUSED,
  /** Too many requests; come back later. */
  THROTTLED,
  /** The fault is on the provider's side, or not understood. */
  UNAVAILABLE,
  /** Our request is wrong; an operator must act. */
  MISCONFIGURED;

  /** As a definition writes it, e.g. {@code refused}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
