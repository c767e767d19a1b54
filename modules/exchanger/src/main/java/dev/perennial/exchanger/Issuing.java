package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.refresh.RefreshPolicy;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what is kept of a connection into what the store is given. */
record Issuing(SealedPayloads payloads, RefreshPolicy policy) {

  /**
   * The times are those of the token that ends first, since it is the next to be refreshed.
   *
   * @param at when this attempt's request was sent, on the store's clock
   */
  IssuedTokens tokens(ConnectionKey key, Integration integration, Kept kept, Instant at) {
    Slots.Slot next = Slots.earliest(integration, kept);
    Instant issuedAt = next.life().issuedAt() == null ? at : next.life().issuedAt();
    Instant expiresAt = next.life().expiresAt();
    Instant dueAt =
        policy.dueAt(
            key,
            issuedAt,
            expiresAt,
            next.main() ? kept.ours().refreshTokenExpiresAt() : null,
            integration.refreshable(),
            integration.lifetime());
    return issued(key, integration, kept, issuedAt, expiresAt, dueAt);
  }

  /**
   * Tokens that something which had to follow them is missing from: to be refreshed once the wait
   * is over, wherever they come to lie.
   */
  IssuedTokens incomplete(
      ConnectionKey key, Integration integration, Kept kept, Instant at, Duration wait) {
    Slots.Slot next = Slots.earliest(integration, kept);
    Instant issuedAt = next.life().issuedAt() == null ? at : next.life().issuedAt();
    return issued(key, integration, kept, issuedAt, next.life().expiresAt(), at.plus(wait));
  }

  /** What is kept so far, on its way. */
  Sealed seal(ConnectionKey key, Integration integration, Kept kept) {
    return payloads.seal(key, Fitting.fit(key, integration, kept).response());
  }

  private IssuedTokens issued(
      ConnectionKey key,
      Integration integration,
      Kept kept,
      Instant issuedAt,
      @Nullable Instant expiresAt,
      @Nullable Instant dueAt) {
    TokenResponse values = new TokenResponse(kept.values());
    return new IssuedTokens(
        seal(key, integration, kept),
        issuedAt,
        expiresAt,
        dueAt,
        open(values.tokenType()),
        open(values.scope()),
        GrantEnds.of(integration, kept, expiresAt, issuedAt));
  }

  private static @Nullable String open(Optional<String> text) {
    return text.filter(t -> t.length() <= Fitting.LONGEST_OPEN).orElse(null);
  }
}
