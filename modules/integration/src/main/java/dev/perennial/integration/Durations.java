package dev.perennial.integration;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads durations: {@code 30s}, {@code 10m}, {@code 24h}, {@code 90d}. */
final class Durations {
  private static final Pattern DURATION = Pattern.compile("[0-9]{1,8}[smhd]");

  private Durations() {}

  /** Empty where the text is none, which the schema has told. */
  static Optional<Duration> read(String text) {
    if (!DURATION.matcher(text).matches()) {
      return Optional.empty();
    }
    int unit = text.length() - 1;
    long count = Long.parseLong(text.substring(0, unit));
    return Optional.of(
        switch (text.charAt(unit)) {
          case 's' -> Duration.ofSeconds(count);
          case 'm' -> Duration.ofMinutes(count);
          case 'h' -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }
}
