package dev.perennial.devstack.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a provider holds of one consent. Carries no secret.
 *
 * @param provider name of the provider
 * @param grant its name, as {@link Use#grant()} says it
 * @param newest name of the refresh token that was issued last, or empty where none was
 * @param revocation why it is over, or null while it is not
 * @param revokedAt since when it is over, or null while it is not
 */
public record GrantState(
    String provider,
    String grant,
    String newest,
    @Nullable Revocation revocation,
    @Nullable Instant revokedAt) {

  public boolean isRevoked() {
    return revocation != null;
  }
}
