package dev.perennial.app.access;

import dev.perennial.domain.ConnectionKey;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is known of an API key: all but its secret. Immutable.
 *
 * @param id public; names the key in lists and in the log
 * @param name what it is for; 1 to 100 printable characters
 * @param scopes at least one
 * @param integrations those it is limited to; empty = all
 * @param expires from then on it is refused; empty = never
 * @param sha256 of its secret, 64 hexadecimal digits
 */
public record ApiKey(
    String id,
    String name,
    Set<Scope> scopes,
    Optional<Set<String>> integrations,
    Instant created,
    Optional<Instant> expires,
    String sha256) {
  private static final Pattern NAME = Pattern.compile("[\\x20-\\x7e]{1,100}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /**
   * @throws IllegalArgumentException where a part is not as it should be, naming the part
   */
  public ApiKey {
    scopes = Set.copyOf(scopes);
    integrations = integrations.map(Set::copyOf);
    check(ApiKeyToken.isId(id), "id is none of ours");
    check(NAME.matcher(name).matches(), "name must be 1 to 100 printable ASCII characters");
    check(!scopes.isEmpty(), "scopes: at least one");
    check(
        integrations.map(all -> !all.isEmpty()).orElse(true),
        "integrations: at least one, or leave them away for all");
    integrations.ifPresent(all -> all.forEach(it -> new ConnectionKey(it, ConnectionKey.DEFAULT)));
    check(HASH.matcher(sha256).matches(), "sha256 must be 64 hexadecimal digits");
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  Caller caller() {
    return new Caller("key " + id + " (" + name + ")", scopes, integrations, Optional.of(id));
  }
}
