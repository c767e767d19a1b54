package dev.perennial.app.admin;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Callers;
import dev.perennial.app.access.Identity;
import dev.perennial.app.access.Scope;
import dev.perennial.domain.Secret;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.Optional;

/** Finds who asks (RFC 6750 section 2.1) and refuses what they may not. Thread-safe. */
final class Access {
  private static final String SCHEME = "Bearer ";
  private static final String REALM = "Bearer realm=\"perennial\"";
  private static final int MAX_TOKEN = 16 << 10;

  private final Callers callers;

  Access(Callers callers) {
    this.callers = callers;
  }

  /**
   * @throws Refusal 401 where nobody is known by what the request shows
   */
  Caller caller(ServerRequest request) {
    List<String> shown = request.headers().values(HeaderNames.AUTHORIZATION);
    if (shown.isEmpty()) {
      throw unauthorized(
          "Send the header Authorization: Bearer with an API key, a token of the configured"
              + " issuer, or the admin token (admin.token).",
          REALM);
    }
    return switch (token(shown).map(callers::find).orElse(Identity.Unknown.OF_ANOTHER_KIND)) {
      case Caller caller -> caller;
      case Identity.Unknown(String why) ->
          throw unauthorized(
              why.isEmpty()
                  ? "This is neither an API key, nor a token of the configured issuer, nor the"
                      + " admin token (admin.token)."
                  : why,
              REALM + ", error=\"invalid_token\"");
    };
  }

  private static Optional<Secret> token(List<String> headers) {
    String value = headers.getFirst();
    boolean bearer =
        headers.size() == 1
            && value.length() <= MAX_TOKEN
            && value.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    return bearer
        ? Optional.of(Secret.of(value.substring(SCHEME.length()).strip()))
        : Optional.empty();
  }

  /**
   * @throws Refusal 403 where the caller lacks the scope
   */
  static void check(Caller caller, Scope scope) {
    if (!caller.has(scope)) {
      throw new Refusal(
          forbidden(
                  "This needs the scope "
                      + scope.text()
                      + "; yours: "
                      + (caller.scopes().isEmpty() ? "none" : Scope.names(caller.scopes())))
              .with("scope", scope.text()),
          "WWW-Authenticate",
          REALM + ", error=\"insufficient_scope\", scope=\"" + scope.text() + "\"");
    }
  }

  /**
   * @throws Refusal 403 where the caller is limited to other integrations
   */
  static void check(Caller caller, String integration) {
    if (!caller.sees(integration)) {
      throw new Refusal(
          forbidden(
              "You are limited to the integrations "
                  + caller.integrations().orElseThrow().stream().sorted().toList()
                  + "; this is "
                  + Query.printable(integration)));
    }
  }

  private static Problem forbidden(String detail) {
    return Problem.of(403, "forbidden", "You may not do this", detail + ".");
  }

  private static Refusal unauthorized(String detail, String challenge) {
    return new Refusal(
        Problem.of(401, "unauthorized", "Say who you are", detail), "WWW-Authenticate", challenge);
  }
}
