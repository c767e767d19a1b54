package dev.perennial.exchanger;

import dev.perennial.domain.Sealer;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.domain.definition.ProviderCalls;
import dev.perennial.domain.event.EventPublisher;
import dev.perennial.domain.refresh.RateLimits;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What both handlers stand on.
 *
 * @param redirectUrl from an integration's slug to our callback URL of it, as it was at the consent
 * @param attemptIds a new, unique id for each handler run
 * @param listener hears what is done
 */
public record ExchangerPorts(
    Integrations integrations,
    CredentialStore store,
    EventPublisher publisher,
    Sealer sealer,
    ProviderCalls calls,
    RateLimits limits,
    UnaryOperator<String> redirectUrl,
    Supplier<String> attemptIds,
    ExchangeListener listener) {

  /** The same where nobody listens. */
  public ExchangerPorts(
      Integrations integrations,
      CredentialStore store,
      EventPublisher publisher,
      Sealer sealer,
      ProviderCalls calls,
      RateLimits limits,
      UnaryOperator<String> redirectUrl,
      Supplier<String> attemptIds) {
    this(
        integrations,
        store,
        publisher,
        sealer,
        calls,
        limits,
        redirectUrl,
        attemptIds,
        ExchangeListener.NONE);
  }
}
