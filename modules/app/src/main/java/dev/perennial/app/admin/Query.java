package dev.perennial.app.admin;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parameters of a request, each at most once, none but those that are known. */
final class Query {
  private final Map<String, String> values = new HashMap<>();

  /**
   * @throws Refusal where a parameter is not known
   */
  Query(Map<String, String> values, Set<String> known) {
    Set<String> unknown = new HashSet<>(values.keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new Refusal(
          Problem.badRequest(
              "Unknown parameter "
                  + printable(unknown.iterator().next())
                  + "; known: "
                  + String.join(", ", known.stream().sorted().toList())));
    }
    this.values.putAll(values);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  /**
   * @throws Refusal where it is given and not within the range
   */
  int number(String name, int byDefault, int most) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return byDefault;
    }
    if (!text.get().matches("\\d{1,9}")
        || Integer.parseInt(text.get()) < 1
        || Integer.parseInt(text.get()) > most) {
      throw new Refusal(
          Problem.badRequest("Parameter " + name + " must be a number from 1 to " + most + "."));
    }
    return Integer.parseInt(text.get());
  }

  /** Safe to repeat in an answer. */
  static String printable(String text) {
    String head = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return "'" + head.replaceAll("[^\\x20-\\x7e…]", "?") + "'";
  }
}
