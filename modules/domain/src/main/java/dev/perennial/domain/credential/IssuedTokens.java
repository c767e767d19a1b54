package dev.perennial.domain.credential;

import dev.perennial.domain.Sealed;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an answer brings to a credential: the sealed token response and what may be said of it in
 * the open. Times are on Redis's clock.
 *
 * @param sealed the whole (merged) token response
 * @param issuedAt when the request was sent
 * @param expiresAt end of the access token; null = permanent
 * @param dueAt when to refresh; where nothing can refresh it, when it expires; null = never
 * @param tokenType RFC 6749 section 7.1
 * @param scope as granted; null where the provider does not say
 * @param grantEnd when only a new consent will help; null where that is not known or never
 */
public record IssuedTokens(
    Sealed sealed,
    Instant issuedAt,
    @Nullable Instant expiresAt,
    @Nullable Instant dueAt,
    @Nullable String tokenType,
    @Nullable String scope,
    @Nullable GrantEnd grantEnd) {

  /** Where no end of the grant is known. */
  public IssuedTokens(
      Sealed sealed,
      Instant issuedAt,
      @Nullable Instant expiresAt,
      @Nullable Instant dueAt,
      @Nullable String tokenType,
      @Nullable String scope) {
    this(sealed, issuedAt, expiresAt, dueAt, tokenType, scope, null);
  }
}
