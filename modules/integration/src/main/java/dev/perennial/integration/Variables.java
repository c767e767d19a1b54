package dev.perennial.integration;

import dev.perennial.integration.document.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The values of a definition's variables. Prints none of them. Immutable.
 *
 * @param values by id
 * @param missing environment names of required variables without a value
 * @param problems values that the definition does not allow
 */
public record Variables(Map<String, String> values, List<String> missing, List<Finding> problems) {

  public Variables {
    values = Map.copyOf(values);
    missing = List.copyOf(missing);
    problems = List.copyOf(problems);
  }

  /** {@code PERENNIAL_<SLUG>_<ID>}, upper case, hyphens as underscores. */
  public static String variableName(String slug, String id) {
    return ("PERENNIAL_" + slug + "_" + id).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /**
   * Looks every variable of a definition up. An empty value counts as none.
   *
   * @param lookup by environment name
   */
  public static Variables bind(Definition definition, Function<String, Optional<String>> lookup) {
    Map<String, String> values = new HashMap<>();
    List<String> missing = new ArrayList<>();
    List<Finding> problems = new ArrayList<>();
    for (Variable variable : definition.variables()) {
      String name = variable.environmentName(definition.slug());
      Optional<String> given = lookup.apply(name).filter(value -> !value.isEmpty());
      given
          .flatMap(variable::refuse)
          .ifPresent(reason -> problems.add(problem(definition, variable, name + " " + reason)));
      given
          .or(() -> Optional.ofNullable(variable.defaultValue()))
          .ifPresentOrElse(
              value -> values.put(variable.id(), value),
              () -> {
                if (variable.required()) {
                  missing.add(name);
                }
              });
    }
    return new Variables(values, missing, problems);
  }

  private static Finding problem(Definition definition, Variable variable, String reason) {
    return Finding.of(
        Finding.Severity.ERROR, definition.file(), new Problem(variable.at(), reason));
  }

  @Override
  public String toString() {
    return "Variables[" + values.keySet() + ", missing=" + missing + "]";
  }
}
