package dev.perennial.app.access;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a caller of the admin API may do. The names are public contract. */
public enum Scope {
  /** List and show connections and connect sessions, without any token. */
  CONNECTIONS_READ("connections:read"),
  /** Read access tokens; never a refresh token. */
  CREDENTIALS_READ("credentials:read"),
  /** Begin consents, import, refresh and delete. */
  CONNECTIONS_WRITE("connections:write"),
  /** Read the metrics. */
  METRICS_READ("metrics:read"),
  /** Everything, and what no other scope allows: the export. */
  ADMIN("admin");

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /** E.g. {@code connections:read}. */
  public String text() {
    return text;
  }

  /** Empty where there is none of that name. */
  public static Optional<Scope> find(String text) {
    return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
  }

  /** The names of all. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Scope::text).toList();
  }

  /** The names of these, in the order in which all stand. */
  public static String names(Set<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::text).collect(Collectors.joining(" "));
  }
}
