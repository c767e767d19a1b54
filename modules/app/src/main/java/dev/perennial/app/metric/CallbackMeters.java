package dev.perennial.app.metric;

import static dev.perennial.app.metric.Metric.CALLBACKS;

import dev.perennial.domain.definition.Integrations;
import dev.perennial.ingress.CallbackListener;
import io.micrometer.core.instrument.Counter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts how callbacks end. Thread-safe. */
public final class CallbackMeters implements CallbackListener {
  private final IntegrationLabels<Map<End, Counter>> counters;

  public CallbackMeters(Meters meters, Integrations integrations) {
    this.counters =
        new IntegrationLabels<>(
            integrations,
            slug -> {
              Map<End, Counter> byEnd = new EnumMap<>(End.class);
              for (End end : End.values()) {
                byEnd.put(end, meters.counter(CALLBACKS, slug, end.text()));
              }
              return byEnd;
            });
    counters.usable();
  }

  @Override
  public void ended(String integration, End end) {
    Objects.requireNonNull(counters.of(integration).get(end)).increment();
  }
}
