package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Nearest;
import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problems;
import dev.perennial.integration.request.AllowedHosts;
import dev.perennial.integration.request.Origins;
import dev.perennial.integration.request.UrlParser;
import dev.perennial.integration.template.Path;
import dev.perennial.integration.template.TemplateSyntaxException;
import dev.perennial.integration.template.TemplateText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the templates of one definition: their grammar, and whether what they name has a value
 * where they stand.
 *
 * @param jwts by name
 */
record Templates(
    String slug,
    Names names,
    ConnectionHosts hosts,
    AllowedHosts allowedHosts,
    Exposure exposure,
    Map<String, JwtReader.Read> jwts,
    Problems problems)
    implements Origins {

  Templates {
    jwts = Map.copyOf(jwts);
  }

  Templates with(Map<String, JwtReader.Read> read) {
    return new Templates(slug, names, hosts, allowedHosts, exposure, read, problems);
  }

  /** Integration and JSON path, as messages of a rendering begin. */
  String where(Place at) {
    return slug + ": " + at.path();
  }

  UrlParser urlParser(Place at) {
    return new UrlParser(where(at), this, allowedHosts);
  }

  @Override
  public boolean foreign(TemplateText text) {
    return names.foreign(text);
  }

  @Override
  public Optional<String> free(TemplateText text, boolean url) {
    return hosts.free(text, url);
  }

  /** A template whose names are not looked at yet. */
  Optional<TemplateText> syntax(Json.Text text) {
    try {
      return Optional.of(TemplateText.parse(text.text()));
    } catch (TemplateSyntaxException e) {
      problems.error(text.at(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /**
   * @param bodyKnown whether the request's body exists when this is rendered
   */
  Optional<TemplateText> read(Json.Text text, Stage stage, boolean bodyKnown) {
    Optional<TemplateText> template = syntax(text);
    template.ifPresent(read -> check(read, text.at(), stage, bodyKnown));
    return template;
  }

  private void check(TemplateText template, Place at, Stage stage, boolean bodyKnown) {
    for (String reason : unusable(template, at, stage, bodyKnown)) {
      problems.error(at, reason);
    }
  }

  /** Why names of a template cannot be used; notes the variables it reads. */
  List<String> unusable(TemplateText template, Place at, Stage stage, boolean bodyKnown) {
    return template.uses().stream()
        .flatMap(use ->
            Stream.concat(names.check(use, stage, bodyKnown, at).stream(), jwt(use.path(), stage)))
        .distinct()
        .toList();
  }

  /** A JWT is made for the request that carries it, so it can read what that can. */
  private Stream<String> jwt(Path path, Stage stage) {
    if (!path.name().equals("jwt") || !names.isFlow("jwt") || path.rest().size() != 1) {
      return Stream.empty();
    }
    String name = path.rest().getFirst();
    JwtReader.Read jwt = jwts.get(name);
    return jwt == null
        ? Stream.of("there is no jwt " + name + Nearest.hint(name, jwts.keySet().stream()))
        : jwt.texts().stream()
            .flatMap(text -> text.uses().stream())
            .flatMap(use -> names.check(use, stage, false, jwt.at()).stream())
            .map(reason -> path + ": " + reason);
  }

  /** Whether one of the texts reads a value of the flow, by itself or in a JWT. */
  boolean reads(List<TemplateText> texts, String name) {
    return names.isFlow(name)
        && Stream.concat(texts.stream(), inJwts(texts)).anyMatch(text -> text.reads(name));
  }

  private Stream<TemplateText> inJwts(List<TemplateText> texts) {
    return texts.stream()
        .flatMap(text -> text.uses().stream())
        .filter(use -> use.path().name().equals("jwt") && names.isFlow("jwt"))
        .flatMap(use -> use.path().rest().stream())
        .flatMap(name -> Optional.ofNullable(jwts.get(name)).stream())
        .flatMap(jwt -> jwt.texts().stream());
  }
}
