package dev.perennial.app.metric;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What of docs/metrics.md is made from the metrics themselves, as Markdown. */
final class MetricPage {
  private static final String HEAD =
      """
      | metric | kind | unit | labels | meaning |
      |---|---|---|---|---|
      """;

  private MetricPage() {}

  /** A row for each metric. */
  static String table() {
    return Arrays.stream(Metric.values())
        .map(MetricPage::row)
        .collect(Collectors.joining("", HEAD, ""));
  }

  private static String row(Metric metric) {
    return "| `%s` | %s | %s | %s | %s |\n"
        .formatted(
            metric.exposed(),
            metric.kind().name().toLowerCase(java.util.Locale.ROOT),
            metric.unit(),
            metric.labels().isEmpty()
                ? "none"
                : metric.labels().stream().map(MetricPage::label).collect(Collectors.joining("; ")),
            metric.description());
  }

  private static String label(Label label) {
    String values =
        label.values().isEmpty()
            ? label.bound()
            : label.values().stream().map(it -> "`" + it + "`").collect(Collectors.joining(", "));
    return "`" + label.key() + "`: " + values;
  }
}
