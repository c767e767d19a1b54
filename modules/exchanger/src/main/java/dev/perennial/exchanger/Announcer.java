package dev.perennial.exchanger;

import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.EventPublisher;

/**
 * Says a state that the store returned, then notes that it was said. If either fails the version
 * stays in the store's outbox, and whoever comes next says it again.
 */
record Announcer(CredentialStore store, EventPublisher publisher) {

  /**
   * @throws dev.perennial.domain.UnavailableException where it is not certain that both happened
   */
  void announce(CredentialState state) {
    publisher.publish(new Event.CredentialUpdated(state));
    store.published(state.key(), state.grant(), state.version());
  }
}
