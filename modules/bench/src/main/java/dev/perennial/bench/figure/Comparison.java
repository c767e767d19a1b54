package dev.perennial.bench.figure;

import dev.perennial.bench.figure.Figure.Kind;
import dev.perennial.bench.figure.Target.Wanted;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A figure of before beside the same one of now. What counts are ratios and counts, since times of
 * another machine or another day say nothing.
 *
 * <p>The tolerance is the larger of what both runs scattered by themselves (the most less the least
 * of either) and five hundredths of the median of before.
 *
 * @param now null where it was not measured again
 * @param tolerance by which it may be worse
 */
public record Comparison(Figure before, @Nullable Figure now, double tolerance, Verdict verdict) {
  private static final double LEAST_TOLERANCE = 0.05;

  /** What is to be thought of it. */
  public enum Verdict {
    BETTER,
    SAME,
    WORSE,
    MISSING;

    /** Whether somebody has to look at it. */
    public boolean isBad() {
      return this == WORSE || this == MISSING;
    }
  }

  /** All figures of before that can be compared, in their order. */
  public static List<Comparison> of(List<Figure> before, List<Figure> now) {
    Map<String, Figure> byName =
        now.stream().collect(Collectors.toMap(Figure::name, Function.identity()));
    return before.stream()
        .filter(figure -> figure.kind() == Kind.COMPARABLE)
        .map(figure -> of(figure, byName.get(figure.name())))
        .toList();
  }

  private static Comparison of(Figure before, @Nullable Figure now) {
    if (now == null) {
      return new Comparison(before, null, 0, Verdict.MISSING);
    }
    double tolerance =
        Math.max(
            Math.max(before.value().width(), now.value().width()),
            LEAST_TOLERANCE * Math.abs(before.value().median()));
    double gain = now.value().median() - before.value().median();
    boolean low = before.target() != null && before.target().wanted() == Wanted.LOW;
    return new Comparison(before, now, tolerance, verdict(low ? -gain : gain, tolerance));
  }

  private static Verdict verdict(double gain, double tolerance) {
    if (gain < -tolerance) {
      return Verdict.WORSE;
    }
    return gain > tolerance ? Verdict.BETTER : Verdict.SAME;
  }

  /** One line for a person. */
  public String line() {
    Figure after = now;
    String to = after == null ? "not measured" : Figure.number(after.value().median());
    return "%-7s %s: %s -> %s (tolerance %s)"
        .formatted(
            verdict.name().toLowerCase(java.util.Locale.ROOT),
            before.name(),
            Figure.number(before.value().median()),
            to,
            Figure.number(tolerance));
  }
}
