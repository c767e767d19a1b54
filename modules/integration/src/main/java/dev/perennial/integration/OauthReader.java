package dev.perennial.integration;

import dev.perennial.domain.definition.Lifetime;
import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import dev.perennial.integration.request.AllowedHosts;
import dev.perennial.integration.request.RequestTemplate;
import dev.perennial.integration.request.UrlTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the oauth object of a definition. One for each definition. */
final class OauthReader {
  private final Json.Obj oauth;
  private final Problems problems;
  private final Fields fields;
  private final Names.Flow flow;
  private final Names names;
  private final Templates templates;
  private final Headers headers;

  /**
   * @param form null where the file has no form
   * @param manifestHeaders null where the file has none
   */
  OauthReader(
      String slug,
      Json.Obj oauth,
      @Nullable List<Variable> form,
      Json.@Nullable Obj manifestHeaders,
      Problems problems) {
    this.oauth = oauth;
    this.problems = problems;
    this.fields = new Fields(oauth, problems);
    this.flow = flow();
    this.names =
        new Names(
            form == null ? null : form.stream().map(Variable::id).collect(Collectors.toSet()),
            flow);
    this.templates = new Templates(slug, names, allowedHosts(), problems);
    this.headers = new Headers(templates, manifestHeaders);
  }

  /** The names that were read, complete after {@link #read()}. */
  Names names() {
    return names;
  }

  /** Empty where something essential is missing; then a problem says what. */
  Optional<Definition.Oauth> read() {
    Keys.OAUTH.check(oauth, problems);
    Optional<UrlTemplate> consent = new ConsentReader(fields, flow, templates).read();
    Optional<RequestTemplate> token = request(Stage.TOKEN, placed());
    Optional<RequestTemplate> refresh = request(Stage.REFRESH, List.of());
    if (oauth.get(Stage.TOKEN.key()).isEmpty()) {
      fields.missing(Stage.TOKEN.key(), "is missing: the request that brings the first tokens");
    }
    Lifetime lifetime =
        fields
            .object("lifetime")
            .map(object -> new LifetimeReader(object, problems).read())
            .orElse(Lifetime.UNSAID);
    String scopes = scopes();
    return token.map(request ->
        new Definition.Oauth(
            consent.orElse(null), request, refresh.orElse(null), flow, scopes, lifetime));
  }

  private Names.Flow flow() {
    boolean consent = oauth.get(Stage.CONSENT.key()).isPresent();
    boolean pkce = fields.flag("pkce", false);
    boolean withoutCode = fields.flag("without_code", false);
    if (pkce && withoutCode) {
      problems.error(oauth.key("pkce"), "protects a code, and without_code says there is none");
    }
    if (consent && oauth.get("pkce").isEmpty() && !withoutCode) {
      problems.warn(
          oauth.at().member("pkce"),
          "is not stated: write true where the provider knows PKCE, else false");
    }
    return new Names.Flow(
        consent, pkce, withoutCode, fields.flag("store_redirect_parameters", true));
  }

  private AllowedHosts allowedHosts() {
    List<String> patterns = new ArrayList<>();
    for (Json.Text text : fields.texts("allowed_hosts")) {
      if (AllowedHosts.isPattern(text.text())) {
        patterns.add(text.text());
      } else {
        problems.error(text.at(), "must be a host, or *.host with a dot in it");
      }
    }
    return new AllowedHosts(patterns);
  }

  /** What the access token request carries even where no template names it. */
  private List<String> placed() {
    List<String> placed = new ArrayList<>();
    if (flow.consent() && !flow.withoutCode()) {
      placed.add("code");
      if (flow.pkce()) {
        placed.add("code_verifier");
      }
    }
    return placed;
  }

  private Optional<RequestTemplate> request(Stage stage, List<String> placed) {
    return fields
        .object(stage.key())
        .flatMap(object -> new RequestReader(object, stage, templates, headers).read(placed));
  }

  private String scopes() {
    List<String> scopes = new ArrayList<>();
    for (Json.Text text : fields.texts("scopes")) {
      if (text.text().isBlank() || text.text().contains("{{")) {
        problems.error(text.at(), "a scope is plain text, not empty and not a template");
      }
      scopes.add(text.text());
    }
    String separator = fields.text("scope_separator").map(Json.Text::text).orElse(" ");
    return String.join(separator, scopes);
  }
}
