package dev.perennial.app.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How spans of time are written, wherever people write them. */
public final class Durations {
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Reads {@code 250ms}, {@code 30s}, {@code 10m}, {@code 6h}, {@code 90d}, or ISO 8601 (PT30S).
   *
   * @throws IllegalArgumentException where it is none of them; the message carries nothing of it
   */
  public static Duration parse(String text) {
    Matcher span = SPAN.matcher(text);
    if (span.matches()) {
      long count = Long.parseLong(text, 0, span.end(1), 10);
      return switch (text.substring(span.end(1))) {
        case "ms" -> Duration.ofMillis(count);
        case "s" -> Duration.ofSeconds(count);
        case "m" -> Duration.ofMinutes(count);
        case "h" -> Duration.ofHours(count);
        default -> Duration.ofDays(count);
      };
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException _) {
      throw new IllegalArgumentException(
          "expected a duration with its unit: 250ms, 30s, 10m, 6h, 1d");
    }
  }
}
