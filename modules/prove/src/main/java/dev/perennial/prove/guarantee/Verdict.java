package dev.perennial.prove.guarantee;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of a guarantee.
 *
 * @param checked how many things were looked at
 * @param excused how many of them were not as they should be, for a reason that the rule allows
 * @param violations each in words: the connection, and what each witness says
 */
public record Verdict(String guarantee, long checked, long excused, List<String> violations) {
  public Verdict {
    violations = List.copyOf(violations);
  }

  public boolean holds() {
    return violations.isEmpty();
  }

  @Override
  public String toString() {
    return guarantee
        + ": checked "
        + checked
        + (excused == 0 ? "" : " (" + excused + " excused)")
        + ", violated "
        + violations.size();
  }

  /** Collects a verdict. Not thread-safe. */
  static final class Tally {
    private final String guarantee;
    private final List<String> violations = new ArrayList<>();
    private long checked;
    private long excused;

    Tally(Guarantee guarantee) {
      this.guarantee = guarantee.name();
    }

    void checked() {
      checked++;
    }

    void excused() {
      excused++;
    }

    void violated(String words) {
      violations.add(words);
    }

    Verdict verdict() {
      return new Verdict(guarantee, checked, excused, violations);
    }
  }
}
