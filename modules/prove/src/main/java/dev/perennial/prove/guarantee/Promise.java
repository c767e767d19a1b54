package dev.perennial.prove.guarantee;

import java.time.Duration;

/**
 * What a provider is known to do with refresh tokens.
 *
 * @param rotates whether a use spends the token
 * @param reuseWindow how long a spent one is answered again; zero for never
 */
public record Promise(boolean rotates, Duration reuseWindow) {

  /** Each use spends the token for good: the worst that can be. */
  public static final Promise STRICT = new Promise(true, Duration.ZERO);

  /** One refresh token serves for ever. */
  public static final Promise STEADY = new Promise(false, Duration.ZERO);
}
