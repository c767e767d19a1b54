package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Nearest;
import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problems;
import dev.perennial.integration.schema.DefinitionSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads {@code initial_data_form}: the variables that a definition declares. */
final class FormReader {
  private static final int MAX_PATTERN = 500;

  private final String slug;
  private final Problems problems;
  private final Map<String, String> byEnvironmentName = new HashMap<>();

  FormReader(String slug, Problems problems) {
    this.slug = slug;
    this.problems = problems;
  }

  List<Variable> read(Json.Arr form) {
    List<Variable> variables = new ArrayList<>();
    for (Json item : form.items()) {
      if (item instanceof Json.Obj object) {
        item(object).ifPresent(variables::add);
      }
    }
    return variables;
  }

  private Optional<Variable> item(Json.Obj item) {
    Fields fields = new Fields(item);
    warnOfTypingErrors(item);
    return fields.text("id").filter(this::isUsable).map(text -> variable(text, fields));
  }

  private boolean isUsable(Json.Text id) {
    String name = Variables.variableName(slug, id.text());
    String other = byEnvironmentName.putIfAbsent(name, id.text());
    if (other != null) {
      problems.error(
          id.at(),
          other.equals(id.text())
              ? "'" + other + "' is declared twice"
              : "'" + id.text() + "' and '" + other + "' are both set by " + name);
    }
    return other == null;
  }

  private Variable variable(Json.Text id, Fields fields) {
    Variable variable =
        new Variable(
            id.text(),
            fields.text("name").map(Json.Text::text).orElse(id.text()),
            fields.text("description").map(Json.Text::text).orElse(""),
            fields.flag("secret", false),
            fields.flag("per_connection", false),
            false,
            fields.text("default").map(Json.Text::text).orElse(null),
            fields.text("pattern").flatMap(this::pattern).orElse(null),
            fields.texts("options").stream().map(Json.Text::text).toList(),
            id.at());
    checkDefault(variable, fields);
    return variable;
  }

  private Optional<Pattern> pattern(Json.Text text) {
    if (text.text().length() > MAX_PATTERN) {
      return Optional.empty(); // which the schema has told
    }
    try {
      return Optional.of(Pattern.compile(text.text()));
    } catch (PatternSyntaxException e) {
      problems.error(text.at(), "not a regular expression: " + e.getDescription());
      return Optional.empty();
    }
  }

  private void checkDefault(Variable variable, Fields fields) {
    if (variable.defaultValue() == null) {
      return;
    }
    Place at = fields.object().key("default");
    variable
        .refuse(variable.defaultValue())
        .ifPresent(reason -> problems.error(at, "the default " + reason));
  }

  /** Manifests carry keys of their own here; a near miss is more likely a mistake. */
  private void warnOfTypingErrors(Json.Obj item) {
    for (String key : item.members().keySet()) {
      if (!DefinitionSchema.get().keys("variable").contains(key)) {
        Nearest.find(key, DefinitionSchema.get().keys("variable"))
            .ifPresent(near ->
                problems.warn(
                    item.key(key), "'" + key + "' is ignored; did you mean " + near + "?"));
      }
    }
  }
}
