package dev.perennial.app.metric;

import dev.perennial.domain.credential.Census;
import dev.perennial.domain.credential.Census.Count;
import dev.perennial.domain.credential.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Tells the last census, in the one process that takes them; elsewhere nothing of it is there. */
public final class CensusMeters implements Consumer<Optional<Census>> {
  private final Meters meters;

  public CensusMeters(Meters meters) {
    this.meters = meters;
  }

  @Override
  public void accept(Optional<Census> census) {
    table(census, Metric.CONNECTIONS, CensusMeters::byStatus);
    table(census, Metric.CONNECTIONS_EXPECTED, one(Count::expected));
    table(census, Metric.CONNECTIONS_VALID, one(Count::valid));
    table(census, Metric.CONNECTIONS_DUE, CensusMeters::due);
    meters.table(
        Metric.CENSUS_TIMESTAMP, single(census.map(it -> it.takenAt().toEpochMilli() / 1e3)));
    meters.table(
        Metric.CENSUS_DURATION, single(census.map(it -> ExchangeMeters.seconds(it.took()))));
  }

  /** Values of one integration, by the labels behind it. */
  private interface Values {
    void of(Count count, BiConsumer<List<String>, Long> row);
  }

  private static Values one(java.util.function.ToLongFunction<Count> value) {
    return (count, row) -> row.accept(List.of(), value.applyAsLong(count));
  }

  private static void byStatus(Count count, BiConsumer<List<String>, Long> row) {
    for (Status status : Status.values()) {
      row.accept(List.of(status.text()), count.of(status));
    }
  }

  private static void due(Count count, BiConsumer<List<String>, Long> row) {
    row.accept(List.of("0s"), count.overdue());
    row.accept(List.of("1m"), count.dueIn1m());
    row.accept(List.of("5m"), count.dueIn5m());
    row.accept(List.of("1h"), count.dueIn1h());
  }

  private void table(Optional<Census> census, Metric metric, Values values) {
    Map<List<String>, Double> rows = new HashMap<>();
    census.ifPresent(it ->
        it.integrations()
            .forEach((integration, count) ->
                values.of(
                    count,
                    (labels, value) ->
                        rows.put(joined(integration, labels), value.doubleValue()))));
    meters.table(metric, rows);
  }

  private static List<String> joined(String integration, List<String> more) {
    return more.isEmpty() ? List.of(integration) : List.of(integration, more.getFirst());
  }

  private static Map<List<String>, Double> single(Optional<Double> value) {
    return value.map(it -> Map.of(List.<String>of(), it)).orElse(Map.of());
  }
}
