package dev.perennial.integration;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.integration.jwt.JwtTemplate;
import dev.perennial.integration.template.JsonValues;
import dev.perennial.integration.template.Path;
import dev.perennial.integration.template.Values;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the names of a definition's templates stand for within one request. Prints nothing of it.
 *
 * @param variables by id
 * @param now fixed within the request
 * @param signed the JWTs of this request so far, by name
 * @param body null until it is rendered
 */
record RequestValues(
    Definition definition,
    Map<String, String> variables,
    FlowValues flow,
    Instant now,
    RandomGenerator random,
    Map<String, String> signed,
    @Nullable String body)
    implements Values {

  static RequestValues of(
      Definition definition,
      Map<String, String> variables,
      FlowValues flow,
      Instant now,
      RandomGenerator random) {
    return new RequestValues(definition, variables, flow, now, random, new HashMap<>(), null);
  }

  /** The two fixed names first, then the variables, then the rest of the flow. */
  @Override
  public @Nullable Object find(Path path) {
    return switch (path.name()) {
      case "redirect_url" -> flow.redirectUrl();
      case "oauth" -> JsonValues.part(flow.oauth(), path.rest());
      default -> definition.isVariable(path.name()) ? variables.get(path.name()) : flowValue(path);
    };
  }

  private @Nullable Object flowValue(Path path) {
    return switch (path.name()) {
      case "state" -> revealed(flow.state());
      case "code" -> revealed(flow.code());
      case "code_verifier" -> revealed(flow.codeVerifier());
      case "code_challenge" -> flow.codeChallenge();
      case "scopes" -> definition.oauth().scopes().joined(flow.context().scopes());
      case "access_token", "refresh_token" -> flow.oauth().get(path.name());
      case "prepare" -> JsonValues.part(flow.context().prepare(), path.rest());
      case "discovery" -> JsonValues.part(flow.context().discovery(), path.rest());
      case "jwt" -> jwt(path.rest().getFirst());
      case "body" -> body;
      case "now" -> now(path.rest().getFirst());
      default -> null;
    };
  }

  /** Signed once for a request, however often it is read. */
  private @Nullable String jwt(String name) {
    JwtTemplate template = definition.oauth().jwts().get(name);
    if (template == null) {
      return null;
    }
    String known = signed.get(name);
    if (known != null) {
      return known;
    }
    String jwt = template.sign(this, now);
    signed.put(name, jwt);
    return jwt;
  }

  private static @Nullable String revealed(@Nullable Secret secret) {
    return secret == null ? null : secret.reveal();
  }

  private String now(String unit) {
    return switch (unit) {
      case "s" -> String.valueOf(now.getEpochSecond());
      case "ms" -> String.valueOf(now.toEpochMilli());
      default -> now.toString();
    };
  }

  @Override
  public String remedy(Path path) {
    if (!path.name().equals("oauth") && definition.isVariable(path.name())) {
      return definition.isPerConnection(path.name())
          ? ": the connection must give it"
          : ": set " + Variables.variableName(definition.slug(), path.name());
    }
    return switch (path.name()) {
      case "oauth", "access_token", "refresh_token" ->
          " in what the provider answered; a new consent may bring it";
      case "prepare" -> " in what the provider answered to prepare";
      case "discovery" -> " in the authorization server's metadata";
      default -> "";
    };
  }

  @Override
  public Values withBody(String text) {
    return new RequestValues(definition, variables, flow, now, random, signed, text);
  }

  @Override
  public String toString() {
    return "RequestValues[" + definition.slug() + "]";
  }
}
