package dev.perennial.domain.credential;

import java.util.Locale;

/** Where a credential stands. The lower-case name is part of the public contract. */
public enum Status {
  /** There is a token, and the last attempt to renew it did not fail. */
  ACTIVE,
  /** The last attempt failed and another will follow; the token may still be valid. */
  REFRESH_FAILING,
  /** Only a new consent helps. */
  REAUTHORIZATION_REQUIRED,
  /** The token is past its end and nothing can renew it. */
  EXPIRED,
  /** Forgotten; the version number lives on. */
  DELETED;

  /** The name on topics, in Redis and in the API, e.g. {@code refresh_failing}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException for a text that is no status
   */
  public static Status of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
