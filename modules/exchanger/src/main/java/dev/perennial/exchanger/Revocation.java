package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.ProviderCalls;
import dev.perennial.event.SealedPayloads;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a provider that a connection was deleted (RFC 7009, or the provider's own way), once, where
 * its definition can. What comes of it is logged: the connection is forgotten here in any case.
 * Blocks for a request. Thread-safe.
 *
 * @param redirectUrl from an integration's slug to our callback URL of it
 */
public record Revocation(
    ProviderCalls calls, SealedPayloads payloads, UnaryOperator<String> redirectUrl) {
  private static final Logger LOG = LoggerFactory.getLogger(Revocation.class);

  /**
   * @param forgotten the tokens as they were sealed
   */
  public void revoke(ConnectionKey key, Integration integration, Sealed forgotten) {
    if (!integration.revokes()) {
      return;
    }
    Optional<String> why;
    try {
      why = tell(integration, Kept.of(payloads.openTokens(key, forgotten)));
    } catch (RuntimeException e) { // no key opens them; deleted all the same
      why = Optional.of(e.getClass().getSimpleName());
    }
    if (why.isEmpty()) {
      LOG.info("{}: revoked at the provider", key);
    } else {
      LOG.warn("{}: deleted, but not revoked at the provider: {}", key, why.get());
    }
  }

  /** Why it did not work; empty where it did. */
  Optional<String> tell(Integration integration, Kept kept) {
    try {
      FlowValues values =
          FlowValues.forRefresh(redirectUrl.apply(integration.slug()), kept.values())
              .in(kept.ours().context());
      FlowValues discovered = values.in(calls.discover(integration, values));
      return calls.revoke(integration, discovered, kept.ours().dpopKey());
    } catch (RuntimeException e) {
      return Optional.of(e.getClass().getSimpleName());
    }
  }
}
