package dev.perennial.exchanger;

import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.TokenRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plain definition: form bodies as in RFC 6749 sections 4.1.3 and 6. */
record TestIntegration(String slug, URI tokenUri, boolean refreshable, Lifetime lifetime)
    implements Integration {

  /** A code that may not stand where the template puts it. */
  static final String UNRENDERABLE = "unrenderable";

  @Override
  public boolean hasConsent() {
    return true;
  }

  @Override
  public boolean withoutCode() {
    return false;
  }

  @Override
  public boolean pkce() {
    return true;
  }

  @Override
  public boolean storesRedirectParameters() {
    return true;
  }

  @Override
  public List<String> missingVariables() {
    return List.of();
  }

  @Override
  public URI consentUrl(FlowValues values) {
    throw new UnsupportedOperationException("not the exchanger's");
  }

  @Override
  public TokenRequest tokenRequest(FlowValues values) {
    Map<String, String> form = form("authorization_code");
    if (values.code() != null) {
      if (values.code().reveal().equals(UNRENDERABLE)) {
        throw new RenderingException(slug + ": /access_token/data/code: not allowed here");
      }
      form.put("code", values.code().reveal());
    }
    if (values.codeVerifier() != null) {
      form.put("code_verifier", values.codeVerifier().reveal());
    }
    form.put("redirect_uri", values.redirectUrl());
    if (values.oauth().get("redirect_params") instanceof Map<?, ?> parameters) {
      form.put("shop", String.valueOf(parameters.get("shop")));
    }
    return post(form);
  }

  @Override
  public TokenRequest refreshRequest(FlowValues values) {
    Map<String, String> form = form("refresh_token");
    form.put("refresh_token", text(values.oauth().get("refresh_token")));
    return post(form);
  }

  private String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new RenderingException(slug + ": /refresh/data/refresh_token: no oauth.refresh_token");
  }

  private static Map<String, String> form(String grantType) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", grantType);
    form.put("client_id", "sim-client");
    form.put("client_secret", "sim-secret");
    return form;
  }

  private TokenRequest post(Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + encode(field.getValue()))
            .collect(Collectors.joining("&"));
    return new TokenRequest(
        "POST",
        tokenUri,
        List.of(),
        new TokenRequest.Body(
            "application/x-www-form-urlencoded", body.getBytes(StandardCharsets.UTF_8)),
        Set.of());
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
