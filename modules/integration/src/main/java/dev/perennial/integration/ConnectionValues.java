package dev.perennial.integration;

import dev.perennial.domain.definition.ConnectionVariable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The variables that each connection gives. An empty value counts as none. Immutable.
 *
 * @param variables the per-connection ones, in the form's order
 */
record ConnectionValues(List<Variable> variables) {
  private static final int SHOWN = 100;

  static ConnectionValues of(List<Variable> all) {
    return new ConnectionValues(all.stream().filter(Variable::perConnection).toList());
  }

  List<ConnectionVariable> described() {
    return variables.stream()
        .map(variable ->
            new ConnectionVariable(
                variable.id(),
                variable.name(),
                variable.description(),
                variable.secret(),
                isRequired(variable),
                variable.defaultValue(),
                variable.options()))
        .toList();
  }

  private static boolean isRequired(Variable variable) {
    return variable.required() && variable.defaultValue() == null;
  }

  /** Why these values cannot be used; names variables and no values. */
  List<String> refuse(Map<String, String> given) {
    List<String> reasons = new ArrayList<>();
    given.keySet().stream()
        .sorted()
        .filter(id -> variables.stream().noneMatch(variable -> variable.id().equals(id)))
        .limit(SHOWN)
        .forEach(id -> reasons.add(shown(id) + " is not a variable of a connection"));
    for (Variable variable : variables) {
      Optional<String> value = value(variable, given);
      if (value.isEmpty() && isRequired(variable)) {
        reasons.add(variable.id() + " is missing");
      }
      value
          .flatMap(variable::refuse)
          .ifPresent(reason -> reasons.add(variable.id() + " " + reason));
    }
    return List.copyOf(reasons);
  }

  private static Optional<String> value(Variable variable, Map<String, String> given) {
    return Optional.ofNullable(given.get(variable.id())).filter(value -> !value.isEmpty());
  }

  /** Somebody else chose it. */
  private static String shown(String id) {
    String head = id.length() > SHOWN ? id.substring(0, SHOWN) + "…" : id;
    return head.replaceAll("[^A-Za-z0-9_.-]", "?");
  }

  /** Adds the values, and the defaults of what is not given. */
  void addTo(Map<String, String> values, Map<String, String> given) {
    for (Variable variable : variables) {
      value(variable, given)
          .or(() -> Optional.ofNullable(variable.defaultValue()))
          .ifPresent(value -> values.put(variable.id(), value));
    }
  }

  /** Why one of these values is not allowed, e.g. since the definition changed. */
  Optional<String> notAllowed(Map<String, String> given) {
    for (Variable variable : variables) {
      Optional<String> reason = value(variable, given).flatMap(variable::refuse);
      if (reason.isPresent()) {
        return Optional.of(variable.id() + " " + reason.get());
      }
    }
    return Optional.empty();
  }
}
