package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads durations: {@code 30s}, {@code 10m}, {@code 24h}, {@code 90d}. */
final class Durations {
  private static final Pattern DURATION = Pattern.compile("[0-9]{1,8}[smhd]");

  private Durations() {}

  /** Empty where the text is none; then a problem says so. */
  static Optional<Duration> read(Json.Text text, Problems problems) {
    if (!DURATION.matcher(text.text()).matches()) {
      problems.error(text.at(), "must be a duration such as 30s, 10m, 24h or 90d");
      return Optional.empty();
    }
    int unit = text.text().length() - 1;
    long count = Long.parseLong(text.text().substring(0, unit));
    return Optional.of(
        switch (text.text().charAt(unit)) {
          case 's' -> Duration.ofSeconds(count);
          case 'm' -> Duration.ofMinutes(count);
          case 'h' -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }

  /** The same, and 0s is a problem too. */
  static Optional<Duration> readPositive(Json.Text text, Problems problems) {
    Optional<Duration> duration = read(text, problems);
    if (duration.filter(Duration::isZero).isPresent()) {
      problems.error(text.at(), "must be longer than 0s");
      return Optional.empty();
    }
    return duration;
  }
}
