package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The newest state of each connection. The topic may bring a state twice, and an old one after a
 * new one; by (grant, tokenGen, version) neither gets in. Written by one thread, read by any.
 */
final class LatestStates {
  private final ConcurrentMap<ConnectionKey, CredentialState> states = new ConcurrentHashMap<>();

  /** Whether the state is newer than what was known of its connection. */
  boolean offer(CredentialState state) {
    CredentialState known = states.get(state.key());
    if (known != null && known.compareTo(state) >= 0) {
      return false;
    }
    states.put(state.key(), state);
    return true;
  }

  /** Whether anything was known. */
  boolean forget(ConnectionKey key) {
    return states.remove(key) != null;
  }

  Optional<CredentialState> find(ConnectionKey key) {
    return Optional.ofNullable(states.get(key));
  }
}
