package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problems;
import dev.perennial.integration.request.Parameter;
import dev.perennial.integration.request.Unusable;
import dev.perennial.integration.request.UrlTemplate;
import dev.perennial.integration.template.Position;
import dev.perennial.integration.template.TemplateText;
import java.util.List;
import java.util.Optional;

/** Reads {@code authenticate_url} and puts the state and the challenge into it. */
final class ConsentReader {
  private static final String METHOD = "code_challenge_method";

  private final Fields fields;
  private final Names.Flow flow;
  private final Templates templates;
  private final Problems problems;

  ConsentReader(Fields fields, Names.Flow flow, Templates templates) {
    this.fields = fields;
    this.flow = flow;
    this.templates = templates;
    this.problems = templates.problems();
  }

  Optional<UrlTemplate> read() {
    return fields.text(Stage.CONSENT.key()).flatMap(this::url);
  }

  private Optional<UrlTemplate> url(Json.Text text) {
    Optional<TemplateText> template = templates.read(text, Stage.CONSENT, false);
    if (template.isEmpty()) {
      return Optional.empty();
    }
    try {
      UrlTemplate url = templates.urlParser(text.at()).parse(template.get());
      return Optional.of(completed(url, template.get(), text.at()));
    } catch (Unusable e) {
      problems.error(text.at(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private UrlTemplate completed(UrlTemplate url, TemplateText text, Place at) {
    UrlTemplate completed = placed(url, text, "state", at);
    if (!flow.pkce()) {
      return completed;
    }
    completed = placed(completed, text, "code_challenge", at);
    return replaced(completed, METHOD, TemplateText.ofLiteral("S256"), at);
  }

  /** Where a template names it, there; else at the end, and in place of one that is not ours. */
  private UrlTemplate placed(UrlTemplate url, TemplateText text, String name, Place at) {
    return templates.reads(List.of(text), name)
        ? url
        : replaced(url, name, TemplateText.ofName(name), at);
  }

  private UrlTemplate replaced(UrlTemplate url, String name, TemplateText value, Place at) {
    if (url.hasParameter(name) && !name.equals(METHOD)) {
      problems.warn(at, "the parameter " + name + " is ours: what is written here is replaced");
    }
    Parameter ours = Parameter.added(templates.where(at), name, value, Position.QUERY);
    return url.without(parameter -> parameter.isNamed(name)).with(List.of(ours));
  }
}
