package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The keys that an object of a definition may have.
 *
 * @param known read by this version
 * @param later part of the language, and not yet read by this version
 */
record Keys(Set<String> known, Set<String> later) {

  static final Keys OAUTH =
      new Keys(
          Set.of(
              "authenticate_url",
              "access_token",
              "refresh",
              "without_code",
              "scopes",
              "scope_separator",
              "pkce",
              "store_redirect_parameters",
              "allowed_hosts",
              "lifetime"),
          Set.of(
              "code_parameter",
              "state_parameter",
              "discovery",
              "prepare",
              "response",
              "tokens",
              "limits",
              "revoke",
              "jwt",
              "client_certificate",
              "dpop"));

  static final Keys REQUEST =
      new Keys(
          Set.of("url", "method", "data", "headers", "cast_data_to_json", "status_code"),
          Set.of("then"));

  static final Keys LIFETIME =
      new Keys(
          Set.of("access_token", "refresh_token", "grant", "refresh_window", "reuse_window"),
          Set.of());

  static final Keys FORM_ITEM =
      new Keys(
          Set.of(
              "id",
              "name",
              "description",
              "secret",
              "per_connection",
              "default",
              "pattern",
              "options"),
          Set.of());

  /** Keys that stand beside the oauth object, not in it. */
  private static final Set<String> BESIDE = Set.of("headers", "initial_data_form");

  /** Every other key is an error, each with its own words. */
  void check(Json.Obj object, Problems problems) {
    for (String key : object.members().keySet()) {
      if (later.contains(key)) {
        problems.error(object.key(key), "this version does not support the key '" + key + "' yet");
      } else if (!known.contains(key)) {
        problems.error(object.key(key), unknown(key));
      }
    }
  }

  private String unknown(String key) {
    if (BESIDE.contains(key)) {
      return "unknown key '" + key + "'; it belongs beside oauth, not into it";
    }
    String hint = Nearest.hint(key, Stream.concat(known.stream(), later.stream()));
    return "unknown key '" + key + "'" + (hint.isEmpty() ? "; there are " + sorted() : hint);
  }

  private String sorted() {
    return String.join(", ", known.stream().sorted().toList());
  }
}
