package dev.perennial.bench.figure;

/**
 * What a figure is to come to.
 *
 * @param bar must be reached
 * @param goal is wanted
 * @param wanted which side of them is good
 */
public record Target(double bar, double goal, Wanted wanted) {

  /** Which way is better. */
  public enum Wanted {
    HIGH,
    LOW
  }

  public static Target atLeast(double bar, double goal) {
    return new Target(bar, goal, Wanted.HIGH);
  }

  public static Target atMost(double bar, double goal) {
    return new Target(bar, goal, Wanted.LOW);
  }

  /** In one word, by the median. */
  public String judge(Spread value) {
    if (reaches(value.median(), goal)) {
      return "goal";
    }
    return reaches(value.median(), bar) ? "bar" : "missed";
  }

  private boolean reaches(double value, double mark) {
    return wanted == Wanted.HIGH ? value >= mark : value <= mark;
  }
}
