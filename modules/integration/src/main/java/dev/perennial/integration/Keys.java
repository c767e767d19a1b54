package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import java.util.HashSet;
import java.util.Set;

/** The keys that an object of a definition may have. */
record Keys(Set<String> known) {

  static final Keys OAUTH =
      of(
          "authenticate_url",
          "access_token",
          "refresh",
          "without_code",
          "scopes",
          "scope_separator",
          "pkce",
          "code_parameter",
          "state_parameter",
          "store_redirect_parameters",
          "allowed_hosts",
          "discovery",
          "prepare",
          "response",
          "tokens",
          "lifetime",
          "limits",
          "revoke",
          "jwt",
          "client_certificate",
          "dpop");

  static final Keys REQUEST =
      of("url", "method", "data", "headers", "cast_data_to_json", "status_code");

  /** Of {@code access_token} and {@code refresh}. */
  static final Keys FIRST_REQUEST = REQUEST.and("then");

  static final Keys FOLLOW_UP = REQUEST.and("into", "optional");

  static final Keys RESPONSE =
      of(
          "root",
          "access_token",
          "refresh_token",
          "expiry",
          "expiry_unit",
          "refresh_token_expiry",
          "success",
          "error",
          "errors");

  static final Keys SIBLING = of("path", "refresh");

  static final Keys LIFETIME =
      of("access_token", "refresh_token", "grant", "refresh_window", "reuse_window");

  static final Keys LIMITS = of("requests", "window", "per");

  static final Keys JWT = of("key", "algorithm", "header", "claims");

  static final Keys CERTIFICATE = of("certificate", "key");

  static final Keys FORM_ITEM =
      of("id", "name", "description", "secret", "per_connection", "default", "pattern", "options");

  /** Keys that stand beside the oauth object, not in it. */
  private static final Set<String> BESIDE = Set.of("headers", "initial_data_form");

  private static Keys of(String... keys) {
    return new Keys(Set.of(keys));
  }

  private Keys and(String... more) {
    Set<String> all = new HashSet<>(known);
    all.addAll(Set.of(more));
    return new Keys(Set.copyOf(all));
  }

  /** Every other key is an error, each with its own words. */
  void check(Json.Obj object, Problems problems) {
    for (String key : object.members().keySet()) {
      if (!known.contains(key)) {
        problems.error(object.key(key), unknown(key));
      }
    }
  }

  private String unknown(String key) {
    if (BESIDE.contains(key)) {
      return "unknown key '" + key + "'; it belongs beside oauth, not into it";
    }
    if (key.equals("then")) {
      return "unknown key 'then'; requests that follow belong to access_token and refresh";
    }
    String hint = Nearest.hint(key, known.stream());
    return "unknown key '" + key + "'" + (hint.isEmpty() ? "; there are " + sorted() : hint);
  }

  private String sorted() {
    return String.join(", ", known.stream().sorted().toList());
  }
}
