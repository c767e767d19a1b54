package dev.perennial.devstack.provider;

import java.time.Duration;
import java.time.Instant;

/**
 * What a provider does with a refresh token that is used. A replay outside the window ends every
 * token of the grant (RFC 9700, section 4.14).
 *
 * @param rotates whether a use issues a successor and spends the token
 * @param reuseWindow how long after its first use a spent token is answered once more, with a new
 *     access token and the same successor; zero for never
 */
public record Rotation(boolean rotates, Duration reuseWindow) {

  /** Each refresh token is good for one use. */
  public static final Rotation SINGLE_USE = new Rotation(true, Duration.ZERO);

  /** One refresh token serves for ever. */
  public static final Rotation NEVER = new Rotation(false, Duration.ZERO);

  /** As {@link #SINGLE_USE}, but a repetition within the window does no harm. */
  public static Rotation reusableFor(Duration window) {
    return new Rotation(true, window);
  }

  boolean isReusable(Instant spentAt, Instant now) {
    return now.isBefore(spentAt.plus(reuseWindow));
  }
}
