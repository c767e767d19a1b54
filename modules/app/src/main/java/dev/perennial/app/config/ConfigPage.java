package dev.perennial.app.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What of docs/configuration.md is made from the keys themselves, as Markdown. */
final class ConfigPage {
  private static final String HEAD =
      """
      | key | environment | unit and range | default | reload | meaning |
      |---|---|---|---|---|---|
      """;

  private static final String DEFUNCT_HEAD =
      """
      | key | since | instead |
      |---|---|---|
      """;

  private ConfigPage() {}

  /** A row for each key. */
  static String keys(List<ConfigKey> keys) {
    return keys.stream().map(ConfigPage::row).collect(Collectors.joining("", HEAD, ""));
  }

  /** A row for each key that once was. */
  static String defunct(List<DefunctKey> keys) {
    return keys.isEmpty()
        ? "None yet.\n"
        : keys.stream().map(ConfigPage::row).collect(Collectors.joining("", DEFUNCT_HEAD, ""));
  }

  private static String row(ConfigKey key) {
    return "| %s | %s | %s | %s | %s | %s |\n"
        .formatted(
            code(key.shortName()),
            code(key.env()),
            values(key),
            key.defaultValue() == null ? "none" : code(key.defaultValue()),
            key.described().reload() ? "yes" : "no",
            key.described().meaning());
  }

  private static String row(DefunctKey key) {
    return "| %s | %s | %s |\n".formatted(code(key.shortName()), key.since(), key.instead());
  }

  /** Unit and range of a key, e.g. {@code calls, 1 to 65536; *secret*}. */
  static String values(ConfigKey key) {
    String form = key.described().form().isEmpty() ? form(key.type()) : key.described().form();
    String range = key.range() == null ? "" : key.range().min() + " to " + key.range().max();
    String all =
        Stream.of(form, range).filter(it -> !it.isEmpty()).collect(Collectors.joining(", "));
    return key.secret() ? all + "; *secret*" : all;
  }

  /** How values of a type are written, where the type says it all. */
  private static String form(Class<?> type) {
    if (type == Duration.class) {
      return "time";
    }
    if (type == Path.class) {
      return "path";
    }
    if (type == boolean.class) {
      return alternatives(Stream.of("true", "false"));
    }
    return type.isEnum()
        ? alternatives(
            Arrays.stream(Objects.requireNonNull(type.getEnumConstants()))
                .map(it -> it.toString().toLowerCase(Locale.ROOT)))
        : "";
  }

  /** {@code `a`, `b` or `c`}. */
  private static String alternatives(Stream<String> values) {
    List<String> all = values.map(ConfigPage::code).toList();
    String head = String.join(", ", all.subList(0, all.size() - 1));
    return head + " or " + all.getLast();
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
