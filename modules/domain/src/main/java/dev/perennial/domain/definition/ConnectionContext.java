package dev.perennial.domain.definition;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the templates of one connection read besides the flow. Full of secrets, prints names only.
 * Immutable.
 *
 * @param variables values of the per-connection variables, by id
 * @param scopes asked for beside those of the definition
 * @param prepare the answer of the {@code prepare} request as JSON values; empty without one
 * @param discovery the authorization server's metadata (RFC 8414) as JSON values; empty without
 * @param secretChoice which of several values of a secret is tried, from 0
 */
public record ConnectionContext(
    Map<String, String> variables,
    List<String> scopes,
    Map<String, ? extends @Nullable Object> prepare,
    Map<String, ? extends @Nullable Object> discovery,
    int secretChoice) {

  /** A connection with nothing of its own. */
  public static final ConnectionContext NONE =
      new ConnectionContext(Map.of(), List.of(), Map.of(), Map.of(), 0);

  /** Of a connection with these variables. */
  public static ConnectionContext of(Map<String, String> variables) {
    return NONE.withVariables(variables);
  }

  public ConnectionContext withVariables(Map<String, String> given) {
    return new ConnectionContext(given, scopes, prepare, discovery, secretChoice);
  }

  public ConnectionContext withScopes(List<String> more) {
    return new ConnectionContext(variables, more, prepare, discovery, secretChoice);
  }

  public ConnectionContext withPrepare(Map<String, ? extends @Nullable Object> answer) {
    return new ConnectionContext(variables, scopes, answer, discovery, secretChoice);
  }

  public ConnectionContext withDiscovery(Map<String, ? extends @Nullable Object> metadata) {
    return new ConnectionContext(variables, scopes, prepare, metadata, secretChoice);
  }

  public ConnectionContext withSecretChoice(int choice) {
    return new ConnectionContext(variables, scopes, prepare, discovery, choice);
  }

  @Override
  public String toString() {
    return "ConnectionContext[variables="
        + variables.keySet()
        + ", scopes="
        + scopes
        + ", prepare="
        + prepare.keySet()
        + ", discovery="
        + discovery.keySet()
        + "]";
  }
}
