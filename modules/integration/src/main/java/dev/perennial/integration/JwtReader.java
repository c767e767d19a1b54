package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problems;
import dev.perennial.integration.jwt.JwtAlgorithm;
import dev.perennial.integration.jwt.JwtTemplate;
import dev.perennial.integration.request.JsonTemplate;
import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Position;
import dev.perennial.integration.template.TemplateText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code jwt}: the tokens that a definition signs itself, by name. */
final class JwtReader {
  private final Templates templates;
  private final Problems problems;

  JwtReader(Templates templates) {
    this.templates = templates;
    this.problems = templates.problems();
  }

  /**
   * One of them.
   *
   * @param texts what it was compiled from
   */
  record Read(JwtTemplate template, List<TemplateText> texts, Place at) {
    Read {
      texts = List.copyOf(texts);
    }
  }

  Map<String, Read> read(Json.Obj jwts) {
    Map<String, Read> all = new LinkedHashMap<>();
    jwts.members()
        .forEach((name, value) -> {
          if (value instanceof Json.Obj object) {
            one(object).ifPresent(read -> all.put(name, read));
          }
        });
    return all;
  }

  private Optional<Read> one(Json.Obj jwt) {
    Fields fields = new Fields(jwt);
    List<TemplateText> texts = new ArrayList<>();
    Optional<JwtAlgorithm> algorithm =
        fields.text("algorithm").flatMap(text -> JwtAlgorithm.of(text.text()));
    Optional<CompiledText> key = fields.text("key").flatMap(text -> key(text, texts));
    JsonTemplate.Obj header = json(fields.object("header"), texts);
    JsonTemplate.Obj claims = json(fields.object("claims"), texts);
    checkNames(texts, jwt.at());
    return algorithm.flatMap(a ->
        key.map(k -> {
          String where = templates.where(jwt.at());
          return new Read(new JwtTemplate(where, a, k, header, claims), texts, jwt.at());
        }));
  }

  private Optional<CompiledText> key(Json.Text text, List<TemplateText> texts) {
    Optional<TemplateText> template = templates.syntax(text);
    template.ifPresent(texts::add);
    return template.map(t -> CompiledText.compile(templates.where(text.at()), t, Position.PLAIN));
  }

  private JsonTemplate.Obj json(Optional<Json.Obj> object, List<TemplateText> texts) {
    Data data = new Data(templates, templates::syntax);
    JsonTemplate.Obj json =
        object.isPresent() ? data.json(object.get()) : new JsonTemplate.Obj(List.of());
    texts.addAll(data.texts());
    return json;
  }

  private void checkNames(List<TemplateText> texts, Place at) {
    if (templates.names().isFlow("jwt") && texts.stream().anyMatch(text -> text.reads("jwt"))) {
      problems.error(at, "a jwt cannot hold another");
    }
  }
}
