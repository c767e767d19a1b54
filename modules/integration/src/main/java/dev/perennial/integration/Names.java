package dev.perennial.integration;

import dev.perennial.integration.document.Nearest;
import dev.perennial.integration.document.Place;
import dev.perennial.integration.template.Path;
import dev.perennial.integration.template.TemplateText;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which names a template may read, and which variables are read at all. Used while one definition
 * is read.
 */
final class Names {

  /** Names that no variable can take over. */
  private static final Set<String> FIXED = Set.of("redirect_url", "oauth");

  private static final Set<String> FLOW =
      Set.of(
          "state",
          "code",
          "code_verifier",
          "code_challenge",
          "scopes",
          "access_token",
          "refresh_token",
          "body",
          "now",
          "prepare",
          "discovery",
          "jwt");

  /** Brought by a callback or an answer. */
  private static final Set<String> FOREIGN =
      Set.of("oauth", "code", "access_token", "refresh_token", "prepare");

  private static final Set<String> NOW = Set.of("s", "ms", "iso");

  private final @Nullable Set<String> declared;
  private final Flow flow;
  private final Map<String, Boolean> required = new LinkedHashMap<>();
  private final Map<String, Place> firstUse = new LinkedHashMap<>();
  private final Set<String> usedJwts = new HashSet<>();
  private boolean foreignDiscovery;

  /**
   * @param declared ids of the form; null where there is no form
   */
  Names(@Nullable Set<String> declared, Flow flow) {
    this.declared = declared;
    this.flow = flow;
  }

  /** What of the definition decides which names there are. */
  record Flow(
      boolean consent,
      boolean pkce,
      boolean withoutCode,
      boolean storesRedirectParameters,
      boolean prepare,
      boolean discovery) {}

  /** Metadata is the author's choice, unless a connection chooses where it is read. */
  void distrustDiscovery() {
    foreignDiscovery = true;
  }

  /** Ids of variables that templates read; true = without a default in at least one place. */
  Map<String, Boolean> usedVariables() {
    return required;
  }

  /** Names of the JWTs that templates read. */
  Set<String> usedJwts() {
    return usedJwts;
  }

  Place firstUse(String id) {
    return firstUse.getOrDefault(id, Place.FILE);
  }

  /** Whether the text reads something that a callback or an answer brought. */
  boolean foreign(TemplateText text) {
    return text.uses().stream()
        .map(use -> use.path().name())
        .anyMatch(name -> isForeign(name) && !isVariable(name));
  }

  private boolean isForeign(String name) {
    return FOREIGN.contains(name) || (foreignDiscovery && name.equals("discovery"));
  }

  /** Whether the name means a value of the flow here, and not a variable of the same name. */
  boolean isFlow(String name) {
    return FIXED.contains(name) || (FLOW.contains(name) && !isVariable(name));
  }

  private boolean isVariable(String name) {
    if (FIXED.contains(name)) {
      return false;
    }
    return declared == null ? !FLOW.contains(name) : declared.contains(name);
  }

  /**
   * Checks one use of a name and notes it where it is a variable.
   *
   * @param bodyKnown whether the body of the request exists when this is rendered
   */
  Optional<String> check(TemplateText.Use use, Stage stage, boolean bodyKnown, Place at) {
    Path path = use.path();
    if (isVariable(path.name())) {
      required.merge(path.name(), !use.optional(), Boolean::logicalOr);
      firstUse.putIfAbsent(path.name(), at);
      return path.rest().isEmpty()
          ? Optional.empty()
          : Optional.of(path + ": " + path.name() + " is a variable and has no parts");
    }
    if (!FIXED.contains(path.name()) && !FLOW.contains(path.name())) {
      return Optional.of(undeclared(path.name()));
    }
    if (path.name().equals("jwt") && path.rest().size() == 1) {
      usedJwts.add(path.rest().getFirst());
    }
    return shape(path).or(() -> availability(use, stage, bodyKnown));
  }

  private String undeclared(String name) {
    Stream<String> known =
        Stream.of(declared == null ? Set.<String>of() : declared, FLOW, FIXED).flatMap(Set::stream);
    return name + " is not declared in initial_data_form" + Nearest.hint(name, known);
  }

  private static Optional<String> shape(Path path) {
    return switch (path.name()) {
      case "oauth" ->
          path.rest().isEmpty()
              ? Optional.of("oauth is an object: name a part of it, e.g. oauth.refresh_token")
              : Optional.empty();
      case "prepare", "discovery" ->
          path.rest().isEmpty()
              ? Optional.of(
                  path + " is an object: name a part of it, e.g. " + path + example(path.name()))
              : Optional.empty();
      case "jwt" ->
          path.rest().size() == 1
              ? Optional.empty()
              : Optional.of("jwt is read by the name of one, e.g. jwt.client_assertion");
      case "now" ->
          path.rest().size() == 1 && NOW.contains(path.rest().getFirst())
              ? Optional.empty()
              : Optional.of("now is read as now.s, now.ms or now.iso");
      default ->
          path.rest().isEmpty() ? Optional.empty() : Optional.of(path.name() + " has no parts");
    };
  }

  private static String example(String name) {
    return name.equals("prepare") ? ".request_uri" : ".token_endpoint";
  }

  private Optional<String> availability(TemplateText.Use use, Stage stage, boolean bodyKnown) {
    Path path = use.path();
    if (stage.hasVariablesOnly()) {
      return Optional.of(path + " has no value here: there are only variables");
    }
    return switch (path.name()) {
      case "redirect_url", "scopes", "now", "jwt" -> Optional.empty();
      case "oauth" -> oauth(use, stage);
      case "state" -> only(isBeforeConsent(stage), path, "in authenticate_url and prepare");
      case "code_challenge" ->
          only(
              isBeforeConsent(stage) && flow.pkce(),
              path,
              "in authenticate_url with pkce, and in prepare");
      case "code_verifier" ->
          only(stage == Stage.TOKEN && flow.pkce(), path, "in access_token with pkce");
      case "code" ->
          only(
              stage == Stage.TOKEN && flow.consent() && !flow.withoutCode(),
              path,
              "in access_token after a consent with a code");
      case "access_token", "refresh_token" ->
          only(stage.hasAnswer(), path, "in refresh, revoke, tokens and then");
      case "prepare" ->
          only(
              flow.prepare() && (stage == Stage.CONSENT || stage == Stage.TOKEN),
              path,
              "in authenticate_url and access_token, after prepare");
      case "discovery" -> only(flow.discovery(), path, "where the definition has discovery");
      case "body" -> only(bodyKnown, path, "in the url and headers of a request");
      default -> throw new IllegalStateException("not a name of the flow: " + path.name());
    };
  }

  private boolean isBeforeConsent(Stage stage) {
    return stage == Stage.CONSENT || (stage == Stage.PREPARE && flow.consent());
  }

  private static Optional<String> only(boolean available, Path path, String where) {
    return available
        ? Optional.empty()
        : Optional.of(path + " has no value here: it is available only " + where);
  }

  private Optional<String> oauth(TemplateText.Use use, Stage stage) {
    Path path = use.path();
    if (stage.hasAnswer() || use.optional()) {
      return Optional.empty();
    }
    if (stage != Stage.TOKEN || !path.rest().getFirst().equals("redirect_params")) {
      return Optional.of(path + " has no value here: there is no token response before a refresh");
    }
    return flow.storesRedirectParameters()
        ? Optional.empty()
        : Optional.of(path + " has no value: store_redirect_parameters is false");
  }
}
