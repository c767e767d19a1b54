package dev.perennial.integration;

import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads {@code lifetime}. */
final class LifetimeReader {
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
    return fields.text(key).flatMap(text -> Durations.readPositive(text, problems)).orElse(null);
  }

  private ReuseWindow reuseWindow(Json.Text text) {
    return text.text().equals(ALWAYS)
        ? ReuseWindow.ALWAYS
        : Durations.read(text, problems).map(ReuseWindow::of).orElse(ReuseWindow.NONE);
  }
}
