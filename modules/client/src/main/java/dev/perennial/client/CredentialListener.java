package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.event.Event.AuthorizationFailed;

/**
 * Hears what {@link CredentialEvents} follows. Called on one thread, in the order of each
 * connection; nothing else is read meanwhile, so it should be quick. What it throws is logged, and
 * the next event follows.
 */
@FunctionalInterface
public interface CredentialListener {

  /** A newer version of a credential; with {@code allRecords}, every record of the topic. */
  void updated(CredentialUpdate update);

  /** The last trace of a deleted credential is gone. */
  default void forgotten(ConnectionKey key) {}

  /** A consent ended without a credential. Only where {@code authorizations} are followed. */
  default void authorizationFailed(AuthorizationFailed failed) {}
}
