package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a connection stands, as far as it may be said in the open: no token, no secret.
 *
 * @param grant which consent; a later one has a higher number
 * @param version rising within a grant; gaps are legal
 * @param reason null where all is well
 * @param tokenType as the provider wrote it, e.g. {@code Bearer}
 * @param scope space-separated (RFC 6749 section 3.3); null where the provider does not say
 * @param expiresAt end of the access token; null = permanent, or not known
 */
public record ConnectionState(
    ConnectionKey connection,
    long grant,
    long version,
    Status status,
    @Nullable Reason reason,
    @Nullable String tokenType,
    @Nullable String scope,
    @Nullable Instant expiresAt) {

  static ConnectionState of(CredentialState state) {
    return new ConnectionState(
        state.key(),
        state.grant(),
        state.version(),
        state.status(),
        state.reason(),
        state.tokenType(),
        state.scope(),
        state.expiresAt());
  }

  static ConnectionState of(Token token, @Nullable String scope) {
    return new ConnectionState(
        token.connection(),
        token.grant(),
        token.version(),
        Status.ACTIVE,
        null,
        token.tokenType(),
        scope,
        token.expiresAt().orElse(null));
  }
}
