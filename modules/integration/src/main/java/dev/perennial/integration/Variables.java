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
 * The values that the operator gives to a definition's variables. Prints none of them. Immutable.
 *
 * @param choices by id; several of a secret are tried in order
 * @param missing environment names of required variables without a value
 * @param problems values that the definition does not allow
 * @param anyGiven whether the operator gave any value
 */
public record Variables(
    Map<String, List<String>> choices,
    List<String> missing,
    List<Finding> problems,
    boolean anyGiven) {

  public Variables {
    choices = Map.copyOf(choices);
    missing = List.copyOf(missing);
    problems = List.copyOf(problems);
  }

  /** {@code PERENNIAL_<SLUG>_<ID>}, upper case, hyphens as underscores. */
  public static String variableName(String slug, String id) {
    return ("PERENNIAL_" + slug + "_" + id).toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /**
   * Looks every variable of a definition up, except those that each connection gives. An empty
   * value counts as none; the value of a secret may be a list.
   *
   * @param lookup by environment name
   */
  public static Variables bind(Definition definition, Function<String, Optional<String>> lookup) {
    Map<String, List<String>> choices = new HashMap<>();
    List<String> missing = new ArrayList<>();
    List<Finding> problems = new ArrayList<>();
    boolean anyGiven = false;
    for (Variable variable : definition.variables()) {
      if (variable.perConnection()) {
        continue;
      }
      String name = variable.environmentName(definition.slug());
      Optional<String> said = lookup.apply(name).filter(value -> !value.isEmpty());
      anyGiven |= said.isPresent();
      List<String> given =
          said.or(() -> Optional.ofNullable(variable.defaultValue()))
              .map(value -> variable.secret() ? SecretList.read(value) : List.of(value))
              .orElse(List.of());
      given.stream()
          .flatMap(value -> variable.refuse(value).stream())
          .findFirst()
          .ifPresent(reason -> problems.add(problem(definition, variable, name + " " + reason)));
      if (!given.isEmpty()) {
        choices.put(variable.id(), given);
      } else if (variable.required()) {
        missing.add(name);
      }
    }
    return new Variables(choices, missing, problems, anyGiven);
  }

  /** How many values the secret with the most values has; at least 1. */
  public int mostChoices() {
    return choices.values().stream().mapToInt(List::size).max().orElse(1);
  }

  /**
   * One value for each variable.
   *
   * @param choice which of several, from 0; the last where there are fewer
   */
  Map<String, String> values(int choice) {
    Map<String, String> values = new HashMap<>();
    choices.forEach((id, all) -> values.put(id, all.get(Math.clamp(choice, 0, all.size() - 1))));
    return values;
  }

  private static Finding problem(Definition definition, Variable variable, String reason) {
    return Finding.of(
        Finding.Severity.ERROR, definition.file(), new Problem(variable.at(), reason));
  }

  @Override
  public String toString() {
    return "Variables[" + choices.keySet() + ", missing=" + missing + "]";
  }
}
