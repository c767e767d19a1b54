package dev.perennial.devstack.provider;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Named values of a query or a form. Immutable. */
final class Parameters {
  static final Parameters NONE = new Parameters(Map.of());

  private final Map<String, String> values;

  Parameters(Map<String, String> values) {
    this.values = new LinkedHashMap<>(values);
  }

  /**
   * @throws IllegalArgumentException where the encoding is broken
   */
  static Parameters parse(String encoded) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : encoded.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        values.putIfAbsent(decoded(name), decoded(value));
      }
    }
    return new Parameters(values);
  }

  static String encode(Map<String, ?> values) {
    return values.entrySet().stream()
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(String.valueOf(entry.getValue())))
        .collect(Collectors.joining("&"));
  }

  /** The value, or null where there is none or an empty one. */
  @Nullable String get(String name) {
    String value = values.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  String get(String name, String otherwise) {
    String value = get(name);
    return value == null ? otherwise : value;
  }

  /** Both together; where both have a name, the other's value counts. */
  Parameters overriddenBy(Parameters other) {
    Map<String, String> both = new LinkedHashMap<>(values);
    both.putAll(other.values);
    return new Parameters(both);
  }

  Map<String, String> asMap() {
    return Map.copyOf(values);
  }

  static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
