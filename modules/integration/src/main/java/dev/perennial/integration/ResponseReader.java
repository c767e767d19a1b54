package dev.perennial.integration;

import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.ErrorMeaning;
import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads {@code response}: where things lie in an answer. */
final class ResponseReader {
  private static final String MILLISECONDS = "milliseconds";
  private static final int MOST = 200;

  private final Json.Obj response;
  private final Problems problems;
  private final Fields fields;
  private final DottedPaths paths;

  ResponseReader(Json.Obj response, Problems problems) {
    this.response = response;
    this.problems = problems;
    this.fields = new Fields(response, problems);
    this.paths = new DottedPaths(problems);
    Keys.RESPONSE.check(response, problems);
  }

  AnswerShape read() {
    AnswerShape standard = AnswerShape.STANDARD;
    return new AnswerShape(
        fields.text("root").flatMap(paths::path).orElse(standard.root()),
        accessToken(standard.accessToken()),
        paths("refresh_token", standard.refreshToken()),
        paths("expiry", standard.expiry()),
        milliseconds(),
        paths("refresh_token_expiry", standard.refreshTokenExpiry()),
        fields.object("success").map(this::success).orElse(standard.success()),
        fields.object("errors").map(this::errors).orElse(standard.errors()),
        error(standard.error()));
  }

  private List<List<String>> accessToken(List<List<String>> standard) {
    if (response.get("access_token").orElse(null) instanceof Json.Arr list
        && list.items().isEmpty()) {
      problems.error(list.at(), "without an access token there is nothing to keep");
    }
    return paths("access_token", standard);
  }

  private List<List<String>> paths(String key, List<List<String>> standard) {
    return response.get(key).map(paths::paths).orElse(standard);
  }

  /** What the definition names comes before the usual places. */
  private List<List<String>> error(List<List<String>> usual) {
    List<List<String>> all = new ArrayList<>(paths("error", List.of()));
    all.addAll(usual);
    return all;
  }

  private boolean milliseconds() {
    Optional<Json.Text> unit = fields.text("expiry_unit");
    unit.filter(text -> !List.of("auto", MILLISECONDS).contains(text.text()))
        .ifPresent(text -> problems.error(text.at(), "must be auto or " + MILLISECONDS));
    return unit.filter(text -> text.text().equals(MILLISECONDS)).isPresent();
  }

  private Map<List<String>, String> success(Json.Obj object) {
    checkSize(object);
    Map<List<String>, String> success = new LinkedHashMap<>();
    object
        .members()
        .forEach((key, value) -> {
          Optional<List<String>> path = paths.path(new Json.Text(object.key(key), key));
          Optional<String> wanted = scalar(value);
          path.ifPresent(segments -> wanted.ifPresent(text -> success.put(segments, text)));
        });
    return success;
  }

  private Optional<String> scalar(Json value) {
    return switch (value) {
      case Json.Text text -> Optional.of(text.text());
      case Json.Num number -> Optional.of(number.text());
      case Json.Bool flag -> Optional.of(String.valueOf(flag.value()));
      case Json.Obj _, Json.Arr _, Json.Nil _ -> {
        problems.error(value.at(), "must be a text, a number, true or false, is " + value.kind());
        yield Optional.empty();
      }
    };
  }

  private Map<String, ErrorMeaning> errors(Json.Obj object) {
    checkSize(object);
    Map<String, ErrorMeaning> errors = new LinkedHashMap<>();
    object
        .members()
        .forEach((code, value) -> meaning(value).ifPresent(meaning -> errors.put(code, meaning)));
    return errors;
  }

  private Optional<ErrorMeaning> meaning(Json value) {
    Optional<ErrorMeaning> found =
        Arrays.stream(ErrorMeaning.values())
            .filter(m -> value instanceof Json.Text text && text.text().equals(m.text()))
            .findFirst();
    if (found.isEmpty()) {
      problems.error(value.at(), "must be " + meanings());
    }
    return found;
  }

  private static String meanings() {
    return Arrays.stream(ErrorMeaning.values())
        .map(ErrorMeaning::text)
        .collect(Collectors.joining(", "));
  }

  private void checkSize(Json.Obj object) {
    if (object.members().size() > MOST) {
      problems.error(object.at(), "at most " + MOST + " entries");
    }
  }
}
