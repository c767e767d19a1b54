package dev.perennial.bench.figure;

import java.util.List;

/** The median of several alternations, with the least and the most of them. Immutable. */
public record Spread(double median, double least, double most) {

  /**
   * @throws IllegalArgumentException where there is none, or one that is no number
   */
  public static Spread of(List<Double> values) {
    if (values.isEmpty() || values.stream().anyMatch(value -> !Double.isFinite(value))) {
      throw new IllegalArgumentException("not measured: " + values);
    }
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    return new Spread(median, sorted.getFirst(), sorted.getLast());
  }

  /** One that was measured once. */
  public static Spread once(double value) {
    return of(List.of(value));
  }

  /** Between the least and the most. */
  double width() {
    return most - least;
  }
}
