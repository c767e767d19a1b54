package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.authorization.ConnectSessions;
import dev.perennial.domain.authorization.PendingAuthorizations;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.domain.definition.ProviderCalls;
import dev.perennial.domain.event.EventPublisher;

/**
 * What ingress stands on. Every part is thread-safe.
 *
 * @param pending the states given out
 * @param calls to providers, before a consent
 * @param codes asked how far a consent has come; told of those that fail here
 * @param listener hears how callbacks end
 */
public record IngressPorts(
    Integrations integrations,
    PendingAuthorizations pending,
    CodeRecords codes,
    ConnectSessions sessions,
    EventPublisher publisher,
    CodeSealer sealer,
    ProviderCalls calls,
    CallbackListener listener) {

  /** The same where nobody listens. */
  public IngressPorts(
      Integrations integrations,
      PendingAuthorizations pending,
      CodeRecords codes,
      ConnectSessions sessions,
      EventPublisher publisher,
      CodeSealer sealer,
      ProviderCalls calls) {
    this(integrations, pending, codes, sessions, publisher, sealer, calls, CallbackListener.NONE);
  }

  /** Seals what a callback brought, for the exchanger alone. */
  @FunctionalInterface
  public interface CodeSealer {
    Sealed seal(ConnectionKey key, AuthorizationCode code);
  }
}
