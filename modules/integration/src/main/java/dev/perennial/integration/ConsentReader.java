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
  private final Optional<String> stateParameter;
  private final List<TemplateText> prepare;
  private final Templates templates;
  private final Problems problems;

  /**
   * @param stateParameter empty where the provider never returns a state
   * @param prepare templates of the request before: what they name has been sent already
   */
  ConsentReader(
      Fields fields,
      Names.Flow flow,
      Optional<String> stateParameter,
      List<TemplateText> prepare,
      Templates templates) {
    this.fields = fields;
    this.flow = flow;
    this.stateParameter = stateParameter;
    this.prepare = List.copyOf(prepare);
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
    UrlTemplate completed =
        stateParameter.map(name -> placed(url, text, "state", name, at)).orElse(url);
    if (flow.pkce() && !templates.reads(prepare, "code_challenge")) {
      completed = placed(completed, text, "code_challenge", "code_challenge", at);
      completed = replaced(completed, METHOD, TemplateText.ofLiteral("S256"), at);
    }
    templates.exposure().warn(at, completed);
    return completed;
  }

  /** Where a template names it, there; else at the end, and in place of one that is not ours. */
  private UrlTemplate placed(
      UrlTemplate url, TemplateText text, String name, String parameter, Place at) {
    return templates.reads(List.of(text), name) || templates.reads(prepare, name)
        ? url
        : replaced(url, parameter, TemplateText.ofName(name), at);
  }

  private UrlTemplate replaced(UrlTemplate url, String name, TemplateText value, Place at) {
    if (url.hasParameter(name) && !name.equals(METHOD)) {
      problems.warn(at, "the parameter " + name + " is ours: what is written here is replaced");
    }
    Parameter ours = Parameter.added(templates.where(at), name, value, Position.QUERY);
    return url.without(parameter -> parameter.isNamed(name)).with(List.of(ours));
  }
}
