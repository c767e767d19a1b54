package dev.perennial.bench.scale;

import dev.perennial.bench.figure.Figure;
import java.util.List;

/**
 * What one of each costs. Each is a figure of the same run, named here with the row that gives it;
 * a row that did not run before {@code scale.model} leaves that of {@link #KNOWN}. None of them is
 * taken from the benchmarks of {@code parts}, which say what a refresh is made of.
 *
 * @param exchangerMicros processor time of a refresh in the exchanger, in microseconds: {@code
 *     refresh.cpu_us}, row {@code refresh.ratio.256}, measured by the operating system's accounting
 * @param redisMicros the same in Redis: {@code refresh.redis_us.256}, row {@code refresh.ratio.256}
 * @param kafkaMicros the same in one broker without replicas: {@code refresh.kafka_us.256}, row
 *     {@code refresh.ratio.256}
 * @param connectionBytes memory of a connection in Redis, index and all: {@code
 *     storage.redis_bytes}, row {@code storage}, with 100,000 connections, where the due index
 *     takes more for each than with ten times as many
 * @param recordBytes of a record on {@code credentials-updated}, uncompressed: {@code
 *     storage.topic_bytes}, row {@code storage}, by the size of the log files
 * @param dueBytes of a record on {@code refresh-due}: {@code storage.due_bytes}, row {@code
 *     storage}, the same way
 * @param healed connections a second that one owner brings back from the topic: {@code
 *     storage.healed_per_s}, row {@code storage}
 * @param inFlightMib live heap, in MiB, of 1,000 calls in flight: {@code memory.in_flight_mb}, the
 *     row of that name
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

  /**
   * Where a run has not measured one of them: what these rows came to on the machine and the day of
   * docs/performance.md, rounded.
   */
  public static final UnitCosts KNOWN = new UnitCosts(290, 310, 90, 1_900, 1_400, 420, 5_300, 40);

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
