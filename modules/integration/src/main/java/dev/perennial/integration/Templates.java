package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problems;
import dev.perennial.integration.request.AllowedHosts;
import dev.perennial.integration.request.UrlParser;
import dev.perennial.integration.template.TemplateSyntaxException;
import dev.perennial.integration.template.TemplateText;
import java.util.List;
import java.util.Optional;

/**
 * Reads the templates of one definition: their grammar, and whether what they name has a value
 * where they stand.
 */
record Templates(String slug, Names names, AllowedHosts allowedHosts, Problems problems) {

  /** Integration and JSON path, as messages of a rendering begin. */
  String where(Place at) {
    return slug + ": " + at.path();
  }

  UrlParser urlParser(Place at) {
    return new UrlParser(where(at), names::foreign, allowedHosts);
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
        .map(use -> names.check(use, stage, bodyKnown, at))
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  /** Whether one of the texts reads a value of the flow. */
  boolean reads(List<TemplateText> texts, String name) {
    return names.isFlow(name) && texts.stream().anyMatch(text -> text.reads(name));
  }
}
