package dev.perennial.integration;

import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import dev.perennial.integration.jwt.JwtTemplate;
import dev.perennial.integration.request.AllowedHosts;
import dev.perennial.integration.request.RequestTemplate;
import dev.perennial.integration.request.Unusable;
import dev.perennial.integration.request.UrlTemplate;
import dev.perennial.integration.template.TemplateText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
    this.fields = new Fields(oauth);
    this.flow = flow();
    this.names =
        new Names(
            form == null ? null : form.stream().map(Variable::id).collect(Collectors.toSet()),
            flow);
    Templates bare =
        new Templates(
            slug,
            names,
            connectionHosts(form),
            allowedHosts(),
            new Exposure(form, problems),
            Map.of(),
            problems);
    this.templates =
        bare.with(fields.object("jwt").map(new JwtReader(bare)::read).orElse(Map.of()));
    this.headers = new Headers(templates, manifestHeaders);
  }

  /** The names that were read, complete after {@link #read()}. */
  Names names() {
    return names;
  }

  /** Empty where something essential is missing; then a problem says what. */
  Optional<Definition.Oauth> read() {
    Optional<UrlTemplate> discovery = discovery();
    List<TemplateText> prepared = new ArrayList<>();
    Optional<RequestTemplate> prepare = request(Stage.PREPARE, prepared);
    @Nullable String state = stateParameter();
    Optional<UrlTemplate> consent =
        new ConsentReader(fields, flow, Optional.ofNullable(state), prepared, templates).read();
    Optional<Definition.Steps> token = steps(Stage.TOKEN, Stage.TOKEN_THEN, placed());
    Optional<Definition.Steps> refresh = steps(Stage.REFRESH, Stage.REFRESH_THEN, List.of());
    List<Definition.Sibling> siblings = siblings();
    Optional<RequestTemplate> revoke = request(Stage.REVOKE, new ArrayList<>());
    Optional<CertificateTemplate> certificate =
        fields.object(Stage.CERTIFICATE.key()).flatMap(new CertificateReader(templates)::read);
    Definition.Said said = said(state);
    Scopes scopes = scopes(consent, templates.reads(prepared, "scopes"));
    return token.map(steps ->
        new Definition.Oauth(
            discovery.orElse(null),
            prepare.orElse(null),
            consent.orElse(null),
            steps,
            refresh.orElse(null),
            siblings,
            revoke.orElse(null),
            certificate.orElse(null),
            jwts(),
            flow,
            scopes,
            said));
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
        consent,
        pkce,
        withoutCode,
        fields.flag("store_redirect_parameters", true),
        oauth.get(Stage.PREPARE.key()).isPresent(),
        oauth.get(Stage.DISCOVERY.key()).isPresent());
  }

  private static ConnectionHosts connectionHosts(@Nullable List<Variable> form) {
    return new ConnectionHosts(
        form == null
            ? Map.of()
            : form.stream()
                .filter(Variable::perConnection)
                .collect(Collectors.toMap(Variable::id, Function.identity())));
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

  /** Read first: whether others may trust it depends on who chooses its host. */
  private Optional<UrlTemplate> discovery() {
    Optional<Json.Text> text = fields.text(Stage.DISCOVERY.key());
    Optional<UrlTemplate> url =
        text.flatMap(t -> templates.read(t, Stage.DISCOVERY, false).flatMap(read -> url(t, read)));
    url.filter(UrlTemplate::isForeign).ifPresent(_ -> names.distrustDiscovery());
    return url;
  }

  private Optional<UrlTemplate> url(Json.Text text, TemplateText template) {
    try {
      UrlTemplate url = templates.urlParser(text.at()).parse(template);
      if (url.fragment() != null) {
        problems.error(text.at(), "a fragment is never sent: remove # and what follows");
      }
      templates.exposure().warn(text.at(), url);
      return Optional.of(url);
    } catch (Unusable e) {
      problems.error(text.at(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
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

  /**
   * @param texts gets the request's templates
   */
  private Optional<RequestTemplate> request(Stage stage, List<TemplateText> texts) {
    return fields
        .object(stage.key())
        .flatMap(object -> {
          RequestReader reader = new RequestReader(object, stage, templates, headers);
          Optional<RequestTemplate> request = reader.read(List.of());
          texts.addAll(reader.texts());
          return request;
        });
  }

  private Optional<Definition.Steps> steps(Stage stage, Stage then, List<String> placed) {
    return fields
        .object(stage.key())
        .flatMap(object -> {
          Optional<RequestTemplate> first =
              new RequestReader(object, stage, templates, headers).read(placed);
          List<Definition.Step> steps = new ThenReader(then, templates, headers).read(object);
          return first.map(request -> new Definition.Steps(request, steps));
        });
  }

  private List<Definition.Sibling> siblings() {
    boolean mainRefresh = oauth.get(Stage.REFRESH.key()).isPresent();
    return fields
        .object("tokens")
        .map(new SiblingReader(mainRefresh, templates, headers)::read)
        .orElse(List.of());
  }

  private Map<String, JwtTemplate> jwts() {
    Map<String, JwtTemplate> jwts = new LinkedHashMap<>();
    templates
        .jwts()
        .forEach((name, read) -> {
          jwts.put(name, read.template());
          if (!names.usedJwts().contains(name)) {
            problems.warn(read.at(), "is read nowhere: {{ jwt." + name + " }}");
          }
        });
    return jwts;
  }

  private Definition.Said said(@Nullable String stateParameter) {
    return new Definition.Said(
        fields.object("response").map(ResponseReader::read).orElse(AnswerShape.STANDARD),
        fields.object("lifetime").map(LifetimeReader::read).orElse(Lifetime.UNSAID),
        fields.object("limits").flatMap(LimitsReader::read).orElse(null),
        fields.text("code_parameter").map(Json.Text::text).orElse("code"),
        stateParameter,
        fields.flag("dpop", false));
  }

  private @Nullable String stateParameter() {
    boolean none = !fields.flag("state_parameter", true);
    return none ? null : fields.text("state_parameter").map(Json.Text::text).orElse("state");
  }

  private Scopes scopes(Optional<UrlTemplate> consent, boolean prepared) {
    List<String> scopes = new ArrayList<>();
    for (Json.Text text : fields.texts("scopes")) {
      if (text.text().isBlank() || text.text().contains("{{")) {
        problems.error(text.at(), "a scope is plain text, not empty and not a template");
      }
      scopes.add(text.text());
    }
    Optional<String> separator = fields.text("scope_separator").map(Json.Text::text);
    return Scopes.of(scopes, separator, consent, prepared);
  }
}
