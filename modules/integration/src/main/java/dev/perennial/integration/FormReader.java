package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads {@code initial_data_form}: the variables that a definition declares. */
final class FormReader {
  private static final Pattern ID = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,99}");
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
      } else {
        problems.error(item.at(), "must be an object, is " + item.kind());
      }
    }
    return variables;
  }

  private Optional<Variable> item(Json.Obj item) {
    Fields fields = new Fields(item, problems);
    warnOfTypingErrors(item);
    Optional<Json.Text> id = fields.text("id");
    if (item.get("id").isEmpty()) {
      fields.missing("id", "is missing: the name that templates use");
    }
    return id.filter(this::isUsable).map(text -> variable(text, fields));
  }

  private boolean isUsable(Json.Text id) {
    if (!ID.matcher(id.text()).matches()) {
      problems.error(id.at(), "must be letters, digits, _ and -, starting with a letter or _");
      return false;
    }
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
      problems.error(text.at(), "a pattern has at most " + MAX_PATTERN + " characters");
      return Optional.empty();
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
      if (!Keys.FORM_ITEM.known().contains(key)) {
        Nearest.find(key, Keys.FORM_ITEM.known())
            .ifPresent(near ->
                problems.warn(
                    item.key(key), "'" + key + "' is ignored; did you mean " + near + "?"));
      }
    }
  }
}
