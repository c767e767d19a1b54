package dev.perennial.integration;

import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code lifetime}. */
final class LifetimeReader {
  private static final Pattern DURATION = Pattern.compile("[0-9]{1,8}[smhd]");
  private static final String ALWAYS = "always";

  private final Fields fields;
  private final Problems problems;

  LifetimeReader(Json.Obj lifetime, Problems problems) {
    this.fields = new Fields(lifetime, problems);
    this.problems = problems;
    Keys.LIFETIME.check(lifetime, problems);
  }

  Lifetime read() {
    return new Lifetime(
        positive("access_token"),
        positive("refresh_token"),
        positive("grant"),
        positive("refresh_window"),
        fields.text("reuse_window").map(this::reuseWindow).orElse(ReuseWindow.NONE));
  }

  private @Nullable Duration positive(String key) {
    Optional<Json.Text> text = fields.text(key);
    Duration duration = text.flatMap(this::duration).orElse(null);
    if (duration != null && duration.isZero()) {
      text.ifPresent(zero -> problems.error(zero.at(), "must be longer than 0s"));
      return null;
    }
    return duration;
  }

  private ReuseWindow reuseWindow(Json.Text text) {
    return text.text().equals(ALWAYS)
        ? ReuseWindow.ALWAYS
        : duration(text).map(ReuseWindow::of).orElse(ReuseWindow.NONE);
  }

  private Optional<Duration> duration(Json.Text text) {
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
}
