package dev.perennial.integration;

import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.ClientCertificate;
import dev.perennial.domain.definition.ConnectionVariable;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.FollowUp;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.RateLimit;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.SiblingToken;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.integration.request.RequestTemplate;
import dev.perennial.integration.request.UrlTemplate;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A definition with the values of its variables. Thread-safe as far as its randomness is. */
final class BoundIntegration implements Integration {
  private final Definition definition;
  private final Definition.Oauth oauth;
  private final Variables variables;
  private final ConnectionValues connectionValues;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final UnaryOperator<URI> address;
  private final List<SiblingToken> siblings;
  private final List<FollowUp> afterToken;
  private final List<FollowUp> afterRefresh;

  BoundIntegration(
      Definition definition,
      Variables variables,
      InstantSource clock,
      RandomGenerator random,
      UnaryOperator<URI> address) {
    this.definition = definition;
    this.oauth = definition.oauth();
    this.variables = variables;
    this.connectionValues = ConnectionValues.of(definition.variables());
    this.clock = clock;
    this.random = random;
    this.address = address;
    this.siblings = oauth.siblings().stream().map(Definition.Sibling::token).toList();
    this.afterToken = followUps(oauth.token().then());
    this.afterRefresh = refreshable() ? followUps(refreshing().then()) : List.of();
  }

  private static List<FollowUp> followUps(List<Definition.Step> steps) {
    return steps.stream().map(Definition.Step::followUp).toList();
  }

  @Override
  public String slug() {
    return definition.slug();
  }

  /** One that needs no value is ready as it is. */
  @Override
  public boolean isSetUp() {
    return variables.anyGiven() || variables.missing().isEmpty();
  }

  @Override
  public boolean hasConsent() {
    return oauth.consent() != null;
  }

  @Override
  public boolean withoutCode() {
    return oauth.flow().withoutCode();
  }

  @Override
  public boolean pkce() {
    return oauth.flow().pkce();
  }

  /** Without a browser the access token request is simply repeated, unless a person is needed. */
  @Override
  public boolean refreshable() {
    return oauth.refresh() != null || (!hasConsent() && !prepares());
  }

  @Override
  public boolean storesRedirectParameters() {
    return oauth.flow().storesRedirectParameters();
  }

  @Override
  public Lifetime lifetime() {
    return oauth.said().lifetime();
  }

  @Override
  public AnswerShape answerShape() {
    return oauth.said().shape();
  }

  @Override
  public Optional<RateLimit> limit() {
    return Optional.ofNullable(oauth.said().limit());
  }

  @Override
  public String codeParameter() {
    return oauth.said().codeParameter();
  }

  @Override
  public Optional<String> stateParameter() {
    return Optional.ofNullable(oauth.said().stateParameter());
  }

  @Override
  public boolean dpop() {
    return oauth.said().dpop();
  }

  @Override
  public int secretChoices() {
    return variables.mostChoices();
  }

  @Override
  public List<ConnectionVariable> connectionVariables() {
    return connectionValues.described();
  }

  @Override
  public List<String> refuse(Map<String, String> given) {
    return connectionValues.refuse(given);
  }

  @Override
  public List<String> refuseScopes(List<String> scopes) {
    return oauth.scopes().refuse(scopes);
  }

  @Override
  public List<SiblingToken> siblings() {
    return siblings;
  }

  @Override
  public List<FollowUp> followUps(Phase phase) {
    return switch (phase) {
      case TOKEN -> afterToken;
      case REFRESH -> afterRefresh;
    };
  }

  @Override
  public boolean prepares() {
    return oauth.prepare() != null;
  }

  @Override
  public boolean revokes() {
    return oauth.revoke() != null;
  }

  @Override
  public List<String> missingVariables() {
    return variables.missing();
  }

  @Override
  public URI consentUrl(FlowValues values) {
    @Nullable UrlTemplate consent = oauth.consent();
    if (consent == null) {
      throw without("authenticate_url");
    }
    return address.apply(
        oauth.scopes().added(consent.render(bound(values)), values.context().scopes()));
  }

  @Override
  public TokenRequest tokenRequest(FlowValues values) {
    return rendered(oauth.token().first(), values);
  }

  @Override
  public TokenRequest refreshRequest(FlowValues values) {
    if (!refreshable()) {
      throw without("refresh");
    }
    return rendered(refreshing().first(), values);
  }

  @Override
  public TokenRequest siblingRequest(String sibling, FlowValues values) {
    Definition.Sibling found =
        oauth.siblings().stream()
            .filter(candidate -> candidate.token().name().equals(sibling))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(slug() + " has no token of that name"));
    @Nullable RequestTemplate own = found.refresh();
    return rendered(own == null ? refreshing().first() : own, values);
  }

  @Override
  public TokenRequest followUpRequest(Phase phase, int number, FlowValues values) {
    List<Definition.Step> steps = steps(phase);
    if (number < 0 || number >= steps.size()) {
      throw new IllegalArgumentException(slug() + " has no follow-up " + number);
    }
    return rendered(steps.get(number).request(), values);
  }

  @Override
  public TokenRequest prepareRequest(FlowValues values) {
    @Nullable RequestTemplate prepare = oauth.prepare();
    if (prepare == null) {
      throw without("prepare");
    }
    return rendered(prepare, values);
  }

  @Override
  public Optional<URI> discoveryUrl(FlowValues values) {
    return Optional.ofNullable(oauth.discovery())
        .map(url -> address.apply(url.render(bound(values))));
  }

  @Override
  public TokenRequest revokeRequest(FlowValues values) {
    @Nullable RequestTemplate revoke = oauth.revoke();
    if (revoke == null) {
      throw without("revoke");
    }
    return rendered(revoke, values);
  }

  private Definition.Steps refreshing() {
    Definition.@Nullable Steps refresh = oauth.refresh();
    return refresh == null ? oauth.token() : refresh;
  }

  private List<Definition.Step> steps(Phase phase) {
    return switch (phase) {
      case TOKEN -> oauth.token().then();
      case REFRESH -> refreshable() ? refreshing().then() : List.of();
    };
  }

  private IllegalStateException without(String key) {
    return new IllegalStateException(slug() + " has no " + key);
  }

  private TokenRequest rendered(RequestTemplate request, FlowValues values) {
    RequestValues bound = bound(values);
    @Nullable CertificateTemplate template = oauth.certificate();
    @Nullable ClientCertificate certificate = template == null ? null : template.render(bound);
    return request.render(bound, certificate, address);
  }

  private RequestValues bound(FlowValues values) {
    Map<String, String> given = values.context().variables();
    connectionValues
        .notAllowed(given)
        .ifPresent(reason -> {
          throw new RenderingException(slug() + ": " + reason);
        });
    Map<String, String> all = variables.values(values.context().secretChoice());
    connectionValues.addTo(all, given);
    return RequestValues.of(definition, all, values, clock.instant(), random);
  }

  @Override
  public String toString() {
    return "Integration[" + slug() + "]";
  }
}
