package dev.perennial.domain.definition;

import java.time.Duration;

/**
 * How long after a refresh request a second one with the same refresh token does no harm.
 *
 * @param length zero: never; otherwise a span counted from when the request was sent
 * @param always the provider never rotates, or never minds
 */
public record ReuseWindow(Duration length, boolean always) {

  /** A refresh token is single use: the default, and the only safe guess. */
  public static final ReuseWindow NONE = new ReuseWindow(Duration.ZERO, false);

  /** Refresh tokens are not rotated, or a replay is always harmless. */
  public static final ReuseWindow ALWAYS = new ReuseWindow(Duration.ZERO, true);

  public static ReuseWindow of(Duration length) {
    return new ReuseWindow(length, false);
  }
}
