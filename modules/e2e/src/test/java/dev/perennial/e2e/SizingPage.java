package dev.perennial.e2e;

import dev.perennial.event.TopicSpec;
import dev.perennial.event.Topics;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The tables of docs/operations.md about sizes. */
final class SizingPage {
  /** After every figure that a test holds the page to. */
  static final String BYTES = " B ";

  private static final double GIGA = 1e9;
  private static final int MILLION = 1_000_000;

  private SizingPage() {}

  static String of(int connections, List<Sizes> measured) {
    String head =
        "Measured with %s connections on %s:%n%n"
            .formatted(number(connections), LocalDate.now(ZoneOffset.UTC));
    return (head + connection(measured) + "\n" + events(measured)).replace("\r\n", "\n");
  }

  private static String connection(List<Sizes> measured) {
    return head("Redis, each connection", measured)
        + row("all of it", measured, it -> it.redisBytes())
        + row("of that, its hash", measured, it -> it.hashBytes())
        + line(
            "**a million connections**",
            measured.stream()
                .map(it -> String.format(Locale.ROOT, "%.1f GB", it.redisBytes() * MILLION / GIGA))
                .toList())
        + line(
            "healed in a second, by `perennial restore`",
            measured.stream().map(it -> number(it.healedPerSecond())).toList());
  }

  private static String events(List<Sizes> measured) {
    StringBuilder table = new StringBuilder(head("Kafka, each record, kept for", measured));
    for (TopicSpec topic : Topics.DEFAULT.all(1)) {
      String name = topic.name().substring(Topics.DEFAULT_PREFIX.length() + 1);
      if (measured.getFirst().recordBytes().containsKey(name)) {
        String label = "`" + name + "`, " + kept(topic);
        table.append(row(label, measured, it -> it.recordBytes().getOrDefault(name, 0L)));
      }
    }
    return table.toString();
  }

  private static String kept(TopicSpec topic) {
    String millis = topic.config().get("retention.ms");
    if (millis == null) {
      return "the newest of each connection, and a day of all";
    }
    Duration kept = Duration.ofMillis(Long.parseLong(millis));
    return kept.toDays() > 1 ? kept.toDays() + " days" : kept.toHours() + " h";
  }

  private static String head(String what, List<Sizes> measured) {
    return line(what, measured.stream().map(it -> it.tokens().text()).toList())
        + "|"
        + "---|".repeat(measured.size() + 1)
        + "\n";
  }

  private static String row(String what, List<Sizes> measured, ToLongFunction<Sizes> figure) {
    return line(
        what,
        measured.stream()
            .map(it -> number(figure.applyAsLong(it)) + BYTES.stripTrailing())
            .toList());
  }

  private static String line(String what, List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| " + what + " | ", " |\n"));
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
