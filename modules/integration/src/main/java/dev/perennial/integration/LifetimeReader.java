package dev.perennial.integration;

import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.integration.document.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads {@code lifetime}. */
record LifetimeReader(Fields fields) {
  private static final String ALWAYS = "always";

  static Lifetime read(Json.Obj lifetime) {
    return new LifetimeReader(new Fields(lifetime)).read();
  }

  private Lifetime read() {
    return new Lifetime(
        duration("access_token"),
        duration("refresh_token"),
        duration("grant"),
        duration("refresh_window"),
        reuseWindow());
  }

  private @Nullable Duration duration(String key) {
    return fields.text(key).flatMap(text -> Durations.read(text.text())).orElse(null);
  }

  private ReuseWindow reuseWindow() {
    if (fields.text("reuse_window").filter(text -> text.text().equals(ALWAYS)).isPresent()) {
      return ReuseWindow.ALWAYS;
    }
    Duration length = duration("reuse_window");
    return length == null ? ReuseWindow.NONE : ReuseWindow.of(length);
  }
}
