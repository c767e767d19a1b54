package dev.perennial.bench.scale;

import dev.perennial.bench.figure.Figure;
import java.util.List;

/**
 * What one of each costs, from the rows named.
 *
 * @param exchangerMicros processor time of a refresh in the exchanger ({@code refresh.cpu_us})
 * @param redisMicros in Redis ({@code refresh.redis_us.256})
 * @param kafkaMicros in the broker ({@code refresh.kafka_us.256})
 * @param connectionBytes memory of a connection in Redis, index and all ({@code
 *     storage.redis_bytes})
 * @param recordBytes of a record on {@code credentials-updated} ({@code storage.topic_bytes})
 * @param dueBytes of a record on {@code refresh-due} ({@code storage.due_bytes})
 * @param healed connections a second that one owner brings back from the topic ({@code
 *     storage.healed_per_s})
 * @param inFlightMib memory of 1,000 calls in flight ({@code memory.in_flight_mb})
 */
public record UnitCosts(
    double exchangerMicros,
    double redisMicros,
    double kafkaMicros,
    double connectionBytes,
    double recordBytes,
    double dueBytes,
    double healed,
    double inFlightMib) {

  /** Where a run has not measured one of them: those of docs/performance.md. */
  public static final UnitCosts KNOWN = new UnitCosts(500, 150, 100, 1_500, 1_200, 400, 10_000, 30);

  /** From the figures of this run, else as known. */
  public static UnitCosts of(List<Figure> figures) {
    return new UnitCosts(
        median(figures, "refresh.cpu_us", KNOWN.exchangerMicros),
        median(figures, "refresh.redis_us.256", KNOWN.redisMicros),
        median(figures, "refresh.kafka_us.256", KNOWN.kafkaMicros),
        median(figures, "storage.redis_bytes", KNOWN.connectionBytes),
        median(figures, "storage.topic_bytes", KNOWN.recordBytes),
        median(figures, "storage.due_bytes", KNOWN.dueBytes),
        median(figures, "storage.healed_per_s", KNOWN.healed),
        median(figures, "memory.in_flight_mb", KNOWN.inFlightMib));
  }

  private static double median(List<Figure> figures, String name, double otherwise) {
    return figures.stream()
        .filter(figure -> figure.name().equals(name))
        .findFirst()
        .map(figure -> figure.value().median())
        .orElse(otherwise);
  }
}
