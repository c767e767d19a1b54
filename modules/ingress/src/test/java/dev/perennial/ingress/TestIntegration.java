package dev.perennial.ingress;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.TokenRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An integration by its switches; its consent link shows what it was given. */
record TestIntegration(
    String slug,
    boolean hasConsent,
    boolean withoutCode,
    boolean pkce,
    boolean storesRedirectParameters,
    List<String> missingVariables,
    boolean broken)
    implements Integration {

  static TestIntegration plain(String slug) {
    return new TestIntegration(slug, true, false, false, true, List.of(), false);
  }

  TestIntegration withPkce() {
    return new TestIntegration(slug, true, withoutCode, true, true, List.of(), false);
  }

  TestIntegration withoutAnyCode() {
    return new TestIntegration(slug, true, true, false, true, List.of(), false);
  }

  TestIntegration keepingNothing() {
    return new TestIntegration(slug, true, false, false, false, List.of(), false);
  }

  TestIntegration withoutBrowser() {
    return new TestIntegration(slug, false, true, false, true, List.of(), false);
  }

  TestIntegration missing(String variable) {
    return new TestIntegration(slug, true, false, false, true, List.of(variable), false);
  }

  TestIntegration unrenderable() {
    return new TestIntegration(slug, true, false, false, true, List.of(), true);
  }

  @Override
  public boolean refreshable() {
    return true;
  }

  @Override
  public Lifetime lifetime() {
    return Lifetime.UNSAID;
  }

  @Override
  public URI consentUrl(FlowValues values) {
    if (broken) {
      throw new RenderingException(slug + ": authenticate_url: no value for 'shop'");
    }
    Secret state = values.state();
    return URI.create(
        "https://provider.example/authorize?redirect_uri="
            + URLEncoder.encode(values.redirectUrl(), StandardCharsets.UTF_8)
            + "&state="
            + (state == null ? "" : state.reveal())
            + challenge(values.codeChallenge()));
  }

  private static String challenge(@Nullable String challenge) {
    return challenge == null ? "" : "&code_challenge=" + challenge + "&code_challenge_method=S256";
  }

  @Override
  public TokenRequest tokenRequest(FlowValues values) {
    throw new AssertionError("ingress sends no token request");
  }

  @Override
  public TokenRequest refreshRequest(FlowValues values) {
    throw new AssertionError("ingress refreshes nothing");
  }
}
