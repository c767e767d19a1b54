package dev.perennial.domain.definition;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a definition says about how long things live, where the provider's answer does not.
 *
 * @param accessToken assumed life of an access token without an expiry; null = permanent
 * @param refreshToken idle life of the refresh token, from its issue or last use; null = unknown
 * @param grant from the consent until only a new one helps; null = unknown
 * @param refreshWindow the provider refreshes only this long before expiry; null = any time
 * @param reuseWindow how long after a request a replay of its refresh token is harmless
 */
public record Lifetime(
    @Nullable Duration accessToken,
    @Nullable Duration refreshToken,
    @Nullable Duration grant,
    @Nullable Duration refreshWindow,
    ReuseWindow reuseWindow) {

  /** Where the definition says nothing: permanent unless the answer says more, single use. */
  public static final Lifetime UNSAID = new Lifetime(null, null, null, null, ReuseWindow.NONE);
}
