package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.refresh.RefreshPolicy;
import dev.perennial.event.SealedPayloads;
import java.time.Instant;

/** Turns an answer with tokens into what the store keeps of it. */
record Issuing(SealedPayloads payloads, RefreshPolicy policy) {

  /**
   * @param answer as it came: only it says how long this access token lives
   * @param kept what is sealed
   * @param issuedAt when the request was sent, on the store's clock
   */
  IssuedTokens tokens(
      ConnectionKey key,
      Integration integration,
      TokenResponse answer,
      TokenResponse kept,
      Instant issuedAt) {
    Instant expiresAt = Expiry.read(answer, kept, integration.lifetime(), issuedAt);
    Instant dueAt =
        policy.dueAt(key, issuedAt, expiresAt, integration.refreshable(), integration.lifetime());
    return new IssuedTokens(
        payloads.seal(key, kept),
        issuedAt,
        expiresAt,
        dueAt,
        kept.tokenType().orElse(null),
        kept.scope().orElse(null));
  }
}
