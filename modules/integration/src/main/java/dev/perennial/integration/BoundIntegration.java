package dev.perennial.integration;

import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.integration.request.RequestTemplate;
import dev.perennial.integration.request.UrlTemplate;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A definition with the values of its variables. Thread-safe as far as its randomness is. */
final class BoundIntegration implements Integration {
  private final Definition definition;
  private final Variables variables;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final UnaryOperator<URI> address;

  BoundIntegration(
      Definition definition,
      Variables variables,
      InstantSource clock,
      RandomGenerator random,
      UnaryOperator<URI> address) {
    this.definition = definition;
    this.variables = variables;
    this.clock = clock;
    this.random = random;
    this.address = address;
  }

  @Override
  public String slug() {
    return definition.slug();
  }

  @Override
  public boolean hasConsent() {
    return definition.oauth().consent() != null;
  }

  @Override
  public boolean withoutCode() {
    return definition.oauth().flow().withoutCode();
  }

  @Override
  public boolean pkce() {
    return definition.oauth().flow().pkce();
  }

  /** Without a browser the access token request is simply repeated. */
  @Override
  public boolean refreshable() {
    return definition.oauth().refresh() != null || !hasConsent();
  }

  @Override
  public boolean storesRedirectParameters() {
    return definition.oauth().flow().storesRedirectParameters();
  }

  @Override
  public Lifetime lifetime() {
    return definition.oauth().lifetime();
  }

  @Override
  public List<String> missingVariables() {
    return variables.missing();
  }

  @Override
  public URI consentUrl(FlowValues values) {
    @Nullable UrlTemplate consent = definition.oauth().consent();
    if (consent == null) {
      throw new IllegalStateException(slug() + " has no authenticate_url");
    }
    return address.apply(consent.render(bound(values)));
  }

  @Override
  public TokenRequest tokenRequest(FlowValues values) {
    return definition.oauth().token().render(bound(values), address);
  }

  @Override
  public TokenRequest refreshRequest(FlowValues values) {
    if (!refreshable()) {
      throw new IllegalStateException(slug() + " has no refresh");
    }
    @Nullable RequestTemplate refresh = definition.oauth().refresh();
    return refresh == null ? tokenRequest(values) : refresh.render(bound(values), address);
  }

  private RequestValues bound(FlowValues values) {
    return new RequestValues(definition, variables.values(), values, clock.instant(), random, null);
  }

  @Override
  public String toString() {
    return "Integration[" + slug() + "]";
  }
}
