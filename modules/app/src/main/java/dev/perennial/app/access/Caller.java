package dev.perennial.app.access;

import java.util.Optional;
import java.util.Set;

/**
 * Whoever asks. Immutable.
 *
 * @param name for the log; never a secret
 * @param integrations those it may see and change anything of; empty = all
 * @param keyId public id of the API key that was shown, where it was one
 */
public record Caller(
    String name, Set<Scope> scopes, Optional<Set<String>> integrations, Optional<String> keyId)
    implements Identity {

  public Caller {
    scopes = Set.copyOf(scopes);
    integrations = integrations.map(Set::copyOf);
  }

  /** One that shows no API key. */
  public Caller(String name, Set<Scope> scopes, Optional<Set<String>> integrations) {
    this(name, scopes, integrations, Optional.empty());
  }

  /** Whoever asks for what is open. */
  public static final Caller ANYBODY = new Caller("anybody", Set.of(), Optional.of(Set.of()));

  /** One that may do everything. */
  public static Caller admin(String name) {
    return new Caller(name, Set.of(Scope.ADMIN), Optional.empty());
  }

  /** Whether it has the scope, or the one that is all. */
  public boolean has(Scope scope) {
    return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
  }

  /** Whether what belongs to the integration is there for it. */
  public boolean sees(String integration) {
    return integrations.isEmpty() || integrations.get().contains(integration);
  }
}
