package dev.perennial.app.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;

/**
 * Makes meters of the metrics that there are, and none else. Each is made once and then kept by
 * whoever counts: looking one up costs more than counting. Thread-safe.
 */
public final class Meters {
  private final MeterRegistry registry;
  private final List<DoubleSupplier> held = new CopyOnWriteArrayList<>();
  private final Map<Metric, Map<List<String>, Row>> tables = new EnumMap<>(Metric.class);

  public Meters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** For a process that nobody scrapes. */
  public static Meters unseen() {
    return new Meters(new SimpleMeterRegistry());
  }

  /**
   * @param values of the metric's labels, in their order
   */
  Counter counter(Metric metric, String... values) {
    return Counter.builder(metric.exposed())
        .description(metric.description())
        .tags(tags(metric, Metric.Kind.COUNTER, values))
        .register(registry);
  }

  DistributionSummary histogram(Metric metric, String... values) {
    return DistributionSummary.builder(metric.exposed())
        .description(metric.description())
        .serviceLevelObjectives(metric.buckets())
        .tags(tags(metric, Metric.Kind.HISTOGRAM, values))
        .register(registry);
  }

  /** Asked at each scrape. */
  void gauge(Metric metric, DoubleSupplier value, String... values) {
    Gauge.builder(metric.exposed(), value::getAsDouble)
        .description(metric.description())
        .tags(tags(metric, Metric.Kind.GAUGE, values))
        .register(registry);
  }

  /** A counter that is kept elsewhere, asked at each scrape. */
  void total(Metric metric, DoubleSupplier value, String... values) {
    held.add(value); // the registry itself lets it go
    FunctionCounter.builder(metric.exposed(), value, DoubleSupplier::getAsDouble)
        .description(metric.description())
        .tags(tags(metric, Metric.Kind.COUNTER, values))
        .register(registry);
  }

  /**
   * All values of a gauge, in place of those before; with none of them it is not exposed. Only what
   * comes or goes is registered or removed: a scrape never meets a row twice.
   */
  synchronized void table(Metric metric, Map<List<String>, Double> values) {
    Map<List<String>, Row> rows = tables.computeIfAbsent(metric, _ -> new HashMap<>());
    rows.entrySet().removeIf(row -> !values.containsKey(row.getKey()) && remove(row.getValue()));
    values.forEach(
        (labels, value) -> rows.computeIfAbsent(labels, _ -> row(metric, labels)).value.set(value));
  }

  private record Row(Gauge gauge, AtomicReference<Double> value) {}

  private Row row(Metric metric, List<String> labels) {
    AtomicReference<Double> value = new AtomicReference<>(0.0);
    return new Row(
        Gauge.builder(metric.exposed(), value::get)
            .description(metric.description())
            .tags(tags(metric, Metric.Kind.GAUGE, labels.toArray(String[]::new)))
            .register(registry),
        value);
  }

  private boolean remove(Row row) {
    return registry.remove(row.gauge()) != null;
  }

  private static Tags tags(Metric metric, Metric.Kind kind, String... values) {
    List<Label> labels = metric.labels();
    if (metric.kind() != kind || labels.size() != values.length) {
      throw new IllegalArgumentException(metric + " as " + kind + " with " + values.length);
    }
    Tags tags = Tags.empty();
    for (int i = 0; i < values.length; i++) {
      if (!labels.get(i).allows(values[i])) {
        throw new IllegalArgumentException(metric + ": " + labels.get(i).key() + "=" + values[i]);
      }
      tags = tags.and(labels.get(i).key(), values[i]);
    }
    return tags;
  }
}
