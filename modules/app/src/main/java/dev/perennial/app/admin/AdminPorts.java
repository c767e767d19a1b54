package dev.perennial.app.admin;

import dev.perennial.domain.authorization.ConnectSessions;
import dev.perennial.domain.authorization.PendingAuthorizations;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.domain.event.EventPublisher;
import dev.perennial.event.SealedPayloads;

/** What the admin API stands on. */
public record AdminPorts(
    Integrations integrations,
    CredentialStore store,
    ConnectSessions sessions,
    PendingAuthorizations authorizations,
    EventPublisher events,
    SealedPayloads payloads) {}
