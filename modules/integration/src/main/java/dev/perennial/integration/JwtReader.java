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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code jwt}: the tokens that a definition signs itself, by name. */
final class JwtReader {

  /** Said by {@code algorithm}, or changing what is signed (RFC 7515 section 4.1, RFC 7797). */
  private static final Set<String> NOT_IN_HEADER = Set.of("alg", "crit", "b64");

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
          EntryNames.check(jwts.key(name), name, problems);
          if (value instanceof Json.Obj object) {
            one(object).ifPresent(read -> all.put(name, read));
          } else {
            problems.error(value.at(), "must be an object, is " + value.kind());
          }
        });
    return all;
  }

  private Optional<Read> one(Json.Obj jwt) {
    Keys.JWT.check(jwt, problems);
    Fields fields = new Fields(jwt, problems);
    List<TemplateText> texts = new ArrayList<>();
    Optional<JwtAlgorithm> algorithm = required(jwt, "algorithm").flatMap(this::algorithm);
    Optional<CompiledText> key = required(jwt, "key").flatMap(text -> key(text, texts));
    JsonTemplate.Obj header = json(fields.object("header"), texts);
    JsonTemplate.Obj claims = json(fields.object("claims"), texts);
    fields.object("header").ifPresent(this::checkHeader);
    checkNames(texts, jwt.at());
    return algorithm.flatMap(a ->
        key.map(k -> {
          String where = templates.where(jwt.at());
          return new Read(new JwtTemplate(where, a, k, header, claims), texts, jwt.at());
        }));
  }

  private Optional<Json.Text> required(Json.Obj jwt, String key) {
    Fields fields = new Fields(jwt, problems);
    if (jwt.get(key).isEmpty()) {
      fields.missing(key, "is missing: a jwt has at least key and algorithm");
    }
    return fields.text(key);
  }

  private Optional<JwtAlgorithm> algorithm(Json.Text text) {
    Optional<JwtAlgorithm> algorithm = JwtAlgorithm.of(text.text());
    if (algorithm.isEmpty()) {
      String all =
          Arrays.stream(JwtAlgorithm.values()).map(Enum::name).collect(Collectors.joining(", "));
      problems.error(text.at(), "must be one of " + all);
    }
    return algorithm;
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

  private void checkHeader(Json.Obj header) {
    header.members().keySet().stream()
        .filter(NOT_IN_HEADER::contains)
        .forEach(name ->
            problems.error(header.key(name), "is not for a definition to say: see algorithm"));
  }

  private void checkNames(List<TemplateText> texts, Place at) {
    if (templates.names().isFlow("jwt") && texts.stream().anyMatch(text -> text.reads("jwt"))) {
      problems.error(at, "a jwt cannot hold another");
    }
  }
}
