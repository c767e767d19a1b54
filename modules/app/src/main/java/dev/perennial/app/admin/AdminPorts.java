package dev.perennial.app.admin;

import dev.perennial.app.audit.AuditTrail;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.authorization.ConnectSessions;
import dev.perennial.domain.authorization.PendingAuthorizations;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.domain.event.EventPublisher;
import dev.perennial.event.SealedPayloads;
import dev.perennial.exchanger.Importing;

/** What the admin API stands on. */
public record AdminPorts(
    Integrations integrations,
    CredentialStore store,
    ConnectSessions sessions,
    PendingAuthorizations authorizations,
    EventPublisher events,
    SealedPayloads payloads,
    Importing importing,
    Revocation revocation,
    AuditTrail audit) {

  /** Tells a provider that a grant is over, where its definition can. Blocks for a request. */
  @FunctionalInterface
  public interface Revocation {
    /**
     * @param forgotten the tokens as they were sealed
     */
    void revoke(ConnectionKey key, Integration integration, Sealed forgotten);
  }
}
