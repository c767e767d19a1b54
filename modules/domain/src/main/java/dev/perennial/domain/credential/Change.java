package dev.perennial.domain.credential;

import java.util.Locale;

/** Why a new version of a credential was published: the last part of the event's type. */
public enum Change {
  CONNECTED,
  REFRESHED,
  REFRESH_FAILED,
  REAUTHORIZATION_REQUIRED,
  EXPIRING,
  EXPIRED,
  /** The same tokens sealed with another key: nothing for a pipeline to do. */
  RESEALED,
  DELETED;

  /** Whether nothing but what is said has changed: tokens, status and what is due are as before. */
  public boolean isOnlyTold() {
    return this == EXPIRING || this == RESEALED;
  }

  /** E.g. {@code refresh_failed}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException for a text that is no change
   */
  public static Change of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
