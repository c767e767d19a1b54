package dev.perennial.bench.row;

import java.time.Duration;

/**
 * How long it is measured.
 *
 * @param quick only what {@code --quick} has
 * @param alternations of ours and its ceiling
 * @param warmUp before the first of them
 * @param compilers how long a worker's may take until it is warm, at the most
 * @param window for each side of an alternation
 */
public record Pace(
    boolean quick, int alternations, Duration warmUp, Duration compilers, Duration window) {
  public static final Pace QUICK = of(true, 3, 5, 5, 2);
  public static final Pace LONG = of(false, 5, 20, 240, 5);

  private static Pace of(boolean quick, int alternations, int warmUp, int compilers, int window) {
    return new Pace(
        quick,
        alternations,
        Duration.ofSeconds(warmUp),
        Duration.ofSeconds(compilers),
        Duration.ofSeconds(window));
  }
}
