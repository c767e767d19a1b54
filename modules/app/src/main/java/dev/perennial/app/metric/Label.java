package dev.perennial.app.metric;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A label of a metric, and how many values it may have. Immutable.
 *
 * @param values all there are; empty where only {@code bound} says it
 * @param bound in words
 */
record Label(String key, List<String> values, String bound) {

  /** Integrations with a definition that is loaded; all others are {@code other}. */
  static final Label INTEGRATION =
      new Label("integration", List.of(), "a loaded definition, or `other`");

  static Label of(String key, String... values) {
    return new Label(key, List.of(values), "");
  }

  static Label bounded(String key, String bound) {
    return new Label(key, List.of(), bound);
  }

  /** The names of an enum's constants, in lower case. */
  static Label of(String key, Enum<?>... constants) {
    return of(
        key, Arrays.stream(constants).map(it -> it.name().toLowerCase(java.util.Locale.ROOT)));
  }

  private static Label of(String key, Stream<String> values) {
    return new Label(key, values.toList(), "");
  }

  boolean allows(String value) {
    return values.isEmpty() || values.contains(value);
  }
}
