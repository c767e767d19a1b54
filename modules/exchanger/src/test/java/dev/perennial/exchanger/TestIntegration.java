package dev.perennial.exchanger;

import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.FollowUp;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.RateLimit;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.SiblingToken;
import dev.perennial.domain.definition.TokenRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plain definition, form bodies as in RFC 6749 sections 4.1.3 and 6, with what a test adds. */
final class TestIntegration implements Integration {

  /** A code that may not stand where the template puts it. */
  static final String UNRENDERABLE = "unrenderable";

  private final String slug;
  private final URI tokenUri;
  private final boolean refreshable;
  private final Lifetime lifetime;
  private final List<SiblingToken> siblings = new ArrayList<>();
  private final List<FollowUp> followUps = new ArrayList<>();
  private final List<URI> followUpUris = new ArrayList<>();
  private final List<String> secrets = new ArrayList<>();
  private AnswerShape shape = AnswerShape.STANDARD;
  private @Nullable RateLimit limit;
  private boolean device;
  private boolean revokes;
  private boolean dpop;

  /** What reading values does before it returns them. */
  Runnable onRendering = () -> {};

  TestIntegration(String slug, URI tokenUri, boolean refreshable, Lifetime lifetime) {
    this.slug = slug;
    this.tokenUri = tokenUri;
    this.refreshable = refreshable;
    this.lifetime = lifetime;
  }

  static TestIntegration of(URI tokenUri) {
    return new TestIntegration("sim", tokenUri, true, Lifetime.UNSAID);
  }

  TestIntegration shape(AnswerShape other) {
    shape = other;
    return this;
  }

  TestIntegration sibling(String name, String... path) {
    siblings.add(new SiblingToken(name, List.of(path)));
    return this;
  }

  /** After code and refresh alike; a GET with the access token in its query. */
  TestIntegration followUp(@Nullable String into, boolean optional, URI uri) {
    followUps.add(new FollowUp(into, optional));
    followUpUris.add(uri);
    return this;
  }

  TestIntegration secrets(String... values) {
    secrets.addAll(List.of(values));
    return this;
  }

  TestIntegration limit(RateLimit other) {
    limit = other;
    return this;
  }

  TestIntegration device() {
    device = true;
    return this;
  }

  TestIntegration withRevoke() {
    revokes = true;
    return this;
  }

  TestIntegration withDpop() {
    dpop = true;
    return this;
  }

  @Override
  public String slug() {
    return slug;
  }

  @Override
  public boolean refreshable() {
    return refreshable;
  }

  @Override
  public Lifetime lifetime() {
    return lifetime;
  }

  @Override
  public AnswerShape answerShape() {
    return shape;
  }

  @Override
  public Optional<RateLimit> limit() {
    return Optional.ofNullable(limit);
  }

  @Override
  public List<SiblingToken> siblings() {
    return siblings;
  }

  @Override
  public List<FollowUp> followUps(Phase phase) {
    return followUps;
  }

  @Override
  public int secretChoices() {
    return Math.max(1, secrets.size());
  }

  @Override
  public boolean prepares() {
    return device;
  }

  @Override
  public boolean revokes() {
    return revokes;
  }

  @Override
  public boolean dpop() {
    return dpop;
  }

  @Override
  public boolean hasConsent() {
    return !device;
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
    Map<String, String> form = form("authorization_code", values);
    if (values.context().prepare().get("device_code") instanceof String deviceCode) {
      form.put("device_code", deviceCode);
    }
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
    Map<String, String> form = form("refresh_token", values);
    form.put("refresh_token", text(values.oauth().get("refresh_token")));
    return post(form);
  }

  @Override
  public TokenRequest siblingRequest(String sibling, FlowValues values) {
    Map<String, String> form = form("refresh_token", values);
    form.put("sibling", sibling);
    form.put("refresh_token", text(values.oauth().get("refresh_token")));
    return post(form);
  }

  @Override
  public TokenRequest followUpRequest(Phase phase, int number, FlowValues values) {
    String token = encode(String.valueOf(values.oauth().get("access_token")));
    URI uri = URI.create(followUpUris.get(number) + "?token=" + token);
    return new TokenRequest("GET", uri, List.of(), null, Set.of());
  }

  private String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new RenderingException(slug + ": /refresh/data/refresh_token: no oauth.refresh_token");
  }

  private Map<String, String> form(String grantType, FlowValues values) {
    onRendering.run();
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", grantType);
    form.put("client_id", "sim-client");
    int choice = values.context().secretChoice();
    form.put("client_secret", secrets.isEmpty() ? "sim-secret" : secrets.get(choice));
    values.context().variables().forEach(form::put);
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
