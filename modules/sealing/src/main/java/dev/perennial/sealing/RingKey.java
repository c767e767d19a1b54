package dev.perennial.sealing;

import java.util.Locale;

/**
 * One key of a ring, without the key.
 *
 * @param id as an unsigned number; stands in everything it seals
 */
public record RingKey(long id, State state) {

  /** What a key does. */
  public enum State {
    /** Seals and opens. */
    PRIMARY,
    /** Opens. */
    ENABLED,
    /** Does nothing, and can be enabled again. */
    DISABLED;

    /** E.g. {@code primary}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
