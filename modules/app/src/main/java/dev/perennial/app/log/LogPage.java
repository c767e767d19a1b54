package dev.perennial.app.log;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What of docs/logs.md is made from the keys themselves, as Markdown. */
final class LogPage {
  private static final String HEAD =
      """
      | key | in every line | meaning |
      |---|---|---|
      """;

  private LogPage() {}

  /** A row for each key. */
  static String table() {
    return Arrays.stream(LogKey.values())
        .map(key ->
            "| `%s` | %s | %s |\n"
                .formatted(key.text(), key.always() ? "yes" : "no", key.meaning()))
        .collect(Collectors.joining("", HEAD, ""));
  }
}
