package dev.perennial.ingress;

import dev.perennial.domain.definition.ConnectionVariable;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.TokenRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An integration with what most do not have.
 *
 * @param state parameter of the callback; null = never returned
 */
record QuirkyIntegration(
    String slug,
    boolean hasConsent,
    String codeParameter,
    @Nullable String state,
    boolean prepares,
    boolean dpop,
    List<ConnectionVariable> connectionVariables)
    implements Integration {

  static QuirkyIntegration named(String slug) {
    return new QuirkyIntegration(slug, true, "code", "state", false, false, List.of());
  }

  QuirkyIntegration withParameters(String code, @Nullable String state) {
    return new QuirkyIntegration(slug, hasConsent, code, state, prepares, dpop, List.of());
  }

  QuirkyIntegration prepared(boolean consent) {
    return new QuirkyIntegration(slug, consent, codeParameter, state, true, true, List.of());
  }

  QuirkyIntegration withShop() {
    ConnectionVariable shop =
        new ConnectionVariable("SHOP", "Shop", "", false, true, null, List.of());
    return new QuirkyIntegration(
        slug, hasConsent, codeParameter, state, prepares, dpop, List.of(shop));
  }

  @Override
  public Optional<String> stateParameter() {
    return Optional.ofNullable(state);
  }

  @Override
  public List<String> refuse(Map<String, String> variables) {
    return connectionVariables.isEmpty() || variables.containsKey("SHOP")
        ? List.of()
        : List.of("SHOP is missing");
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
  public boolean refreshable() {
    return true;
  }

  @Override
  public boolean storesRedirectParameters() {
    return true;
  }

  @Override
  public Lifetime lifetime() {
    return Lifetime.UNSAID;
  }

  @Override
  public List<String> missingVariables() {
    return List.of();
  }

  @Override
  public URI consentUrl(FlowValues values) {
    return URI.create(
        "https://provider.example/authorize?state="
            + (values.state() == null ? "" : values.state().reveal())
            + "&shop="
            + values.context().variables().getOrDefault("SHOP", "")
            + "&request_uri="
            + values.context().prepare().get("request_uri"));
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
