package dev.perennial.integration;

import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.ErrorMeaning;
import dev.perennial.integration.document.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code response}: where things lie in an answer. */
record ResponseReader(Json.Obj response, Fields fields) {
  private static final String MILLISECONDS = "milliseconds";

  static AnswerShape read(Json.Obj response) {
    return new ResponseReader(response, new Fields(response)).read();
  }

  private AnswerShape read() {
    AnswerShape standard = AnswerShape.STANDARD;
    return new AnswerShape(
        fields.text("root").map(text -> DottedPaths.path(text.text())).orElse(standard.root()),
        paths("access_token", standard.accessToken()),
        paths("refresh_token", standard.refreshToken()),
        paths("expiry", standard.expiry()),
        fields.text("expiry_unit").filter(text -> text.text().equals(MILLISECONDS)).isPresent(),
        paths("refresh_token_expiry", standard.refreshTokenExpiry()),
        fields.object("success").map(ResponseReader::success).orElse(standard.success()),
        fields.object("errors").map(ResponseReader::errors).orElse(standard.errors()),
        error(standard.error()));
  }

  /** What the definition names comes before the usual places. */
  private List<List<String>> error(List<List<String>> usual) {
    List<List<String>> all = new ArrayList<>(paths("error", List.of()));
    all.addAll(usual);
    return all;
  }

  private List<List<String>> paths(String key, List<List<String>> standard) {
    return response.get(key).map(DottedPaths::paths).orElse(standard);
  }

  private static Map<List<String>, String> success(Json.Obj object) {
    Map<List<String>, String> success = new LinkedHashMap<>();
    object
        .members()
        .forEach((path, value) ->
            scalar(value).ifPresent(text -> success.put(DottedPaths.path(path), text)));
    return success;
  }

  private static Optional<String> scalar(Json value) {
    return switch (value) {
      case Json.Text text -> Optional.of(text.text());
      case Json.Num number -> Optional.of(number.text());
      case Json.Bool flag -> Optional.of(String.valueOf(flag.value()));
      case Json.Obj _, Json.Arr _, Json.Nil _ -> Optional.empty();
    };
  }

  private static Map<String, ErrorMeaning> errors(Json.Obj object) {
    Map<String, ErrorMeaning> errors = new LinkedHashMap<>();
    object
        .members()
        .forEach((code, value) ->
            Arrays.stream(ErrorMeaning.values())
                .filter(m -> value instanceof Json.Text text && text.text().equals(m.text()))
                .forEach(meaning -> errors.put(code, meaning)));
    return errors;
  }
}
