package dev.perennial.bench.figure;

import dev.perennial.bench.figure.Target.Wanted;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One measured value. Immutable.
 *
 * @param name as it is printed, e.g. {@code refresh.ratio.256}
 * @param unit empty for a ratio
 * @param kind whether it says something on another machine too
 * @param target null where it is shown beside others and has none
 */
public record Figure(String name, String unit, Spread value, Kind kind, @Nullable Target target) {

  /** What a figure may be held against. */
  public enum Kind {
    /** Both sides were measured in the same run, or it is counted: compared with the last ones. */
    COMPARABLE,
    /** A time or a rate of this machine. */
    LOCAL
  }

  /** A ratio or a count that is compared. */
  public static Figure comparable(String name, String unit, Spread value, Target target) {
    return new Figure(name, unit, value, Kind.COMPARABLE, target);
  }

  /** A time or a rate with a target. */
  public static Figure local(String name, String unit, Spread value, Target target) {
    return new Figure(name, unit, value, Kind.LOCAL, target);
  }

  /** What stands beside, to understand another one. */
  public static Figure beside(String name, String unit, Spread value) {
    return new Figure(name, unit, value, Kind.LOCAL, null);
  }

  /** For machines: {@code name=value min=… max=… unit=… bar=… goal=… reached=…}. */
  public String line() {
    StringBuilder line = new StringBuilder(name).append('=').append(number(value.median()));
    line.append(" min=").append(number(value.least()));
    line.append(" max=").append(number(value.most()));
    if (!unit.isEmpty()) {
      line.append(" unit=").append(unit.replace(' ', '_'));
    }
    Target aim = target;
    if (aim != null) {
      line.append(aim.wanted() == Wanted.HIGH ? " bar>=" : " bar<=").append(number(aim.bar()));
      line.append(aim.wanted() == Wanted.HIGH ? " goal>=" : " goal<=").append(number(aim.goal()));
      line.append(" reached=").append(aim.judge(value));
    }
    return line.toString();
  }

  /** Three digits that count, no exponent. */
  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 100 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
  }
}
