package dev.perennial.bench.row;

import java.time.Duration;

/**
 * How long it is measured.
 *
 * @param quick only what {@code --quick} has
 * @param alternations of ours and its ceiling
 * @param warmUp before the first of them
 * @param window for each side of an alternation
 */
public record Pace(boolean quick, int alternations, Duration warmUp, Duration window) {
  public static final Pace QUICK = new Pace(true, 3, Duration.ofSeconds(6), Duration.ofSeconds(2));
  public static final Pace LONG = new Pace(false, 5, Duration.ofSeconds(20), Duration.ofSeconds(5));
}
