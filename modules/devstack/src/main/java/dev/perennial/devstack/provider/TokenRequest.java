package dev.perennial.devstack.provider;

import dev.perennial.devstack.provider.Use.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a token request says, wherever it says it: query, form or JSON body, HTTP Basic.
 *
 * @param parameters of query and body; the body counts where both have one
 * @param clientId as stated, or empty
 * @param clientSecret as stated, or empty
 */
record TokenRequest(String method, Parameters parameters, String clientId, String clientSecret) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String BASIC = "Basic ";

  static TokenRequest read(HttpRequest request) {
    Parameters all = request.queryParameters().overriddenBy(body(request));
    String authorization = request.header("authorization");
    if (authorization != null && authorization.startsWith(BASIC)) {
      return basic(request, all, authorization.substring(BASIC.length()).strip());
    }
    return new TokenRequest(
        request.method(), all, all.get("client_id", ""), all.get("client_secret", ""));
  }

  /** As {@link #read}, but what cannot be read is left out: it is another's to refuse. */
  static TokenRequest readWhatCanBe(HttpRequest request) {
    try {
      return read(request);
    } catch (IllegalArgumentException e) {
      return new TokenRequest(request.method(), Parameters.NONE, "", "");
    }
  }

  private static TokenRequest basic(HttpRequest request, Parameters all, String encoded) {
    String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    int colon = pair.indexOf(':');
    String id = colon < 0 ? pair : pair.substring(0, colon);
    String secret = colon < 0 ? "" : pair.substring(colon + 1);
    return new TokenRequest(request.method(), all, id, secret);
  }

  private static Parameters body(HttpRequest request) {
    String type = request.header("content-type");
    if (request.body().isEmpty() || type == null) {
      return Parameters.NONE;
    }
    if (type.startsWith("application/json")) {
      return json(request);
    }
    return type.startsWith("application/x-www-form-urlencoded")
        ? Parameters.parse(request.body())
        : Parameters.NONE;
  }

  private static Parameters json(HttpRequest request) {
    try {
      Map<String, String> values = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : JSON.readTree(request.body()).properties()) {
        values.put(entry.getKey(), entry.getValue().asString());
      }
      return new Parameters(values);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the body is not JSON", e);
    }
  }

  Kind kind() {
    return switch (parameters.get("grant_type", "")) {
      case "authorization_code" -> Kind.CODE;
      case "refresh_token" -> Kind.REFRESH_TOKEN;
      case "client_credentials" -> Kind.CLIENT_CREDENTIALS;
      default -> Kind.OTHER;
    };
  }

  /** The code or the refresh token, or empty. */
  String presented() {
    return parameters.get(kind() == Kind.CODE ? "code" : "refresh_token", "");
  }

  Granting decide(ProviderProfile profile, Grants grants, Ledger ledger) {
    String error = whyNotToDecide(profile);
    if (error != null) {
      return new Granting.Refused(ledger.nextOrder(), error, "this request cannot be granted");
    }
    return switch (kind()) {
      case CODE ->
          grants.redeem(
              presented(), parameters.get("redirect_uri"), parameters.get("code_verifier"));
      case REFRESH_TOKEN -> grants.refresh(presented());
      case CLIENT_CREDENTIALS, OTHER -> grants.clientCredentials(parameters.get("scope", ""));
    };
  }

  private @Nullable String whyNotToDecide(ProviderProfile profile) {
    if (!method.equals("POST")) {
      return "invalid_request";
    }
    if (!isClient(profile)) {
      return "invalid_client";
    }
    return kind() == Kind.OTHER ? "unsupported_grant_type" : null;
  }

  // HTTP Basic is form-encoded by the book (RFC 6749, section 2.3.1) and plain in practice.
  boolean isClient(ProviderProfile profile) {
    boolean plain = clientId.equals(profile.clientId) && clientSecret.equals(profile.clientSecret);
    return plain
        || (Parameters.decoded(clientId).equals(profile.clientId)
            && Parameters.decoded(clientSecret).equals(profile.clientSecret));
  }
}
