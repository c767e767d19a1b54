package dev.perennial.app.config;

import java.util.Collection;
import java.util.Comparator;

/** Guesses what was meant by a name that does not exist. */
final class Nearest {
  private Nearest() {}

  /** {@code did you mean …?}, or empty where nothing is near. */
  static String hint(String name, Collection<String> known) {
    return known.stream()
        .filter(candidate -> distance(name, candidate) <= Math.max(2, name.length() / 4))
        .min(Comparator.comparingInt((String it) -> distance(name, it)).thenComparing(it -> it))
        .map(candidate -> "did you mean " + candidate + "?")
        .orElse("");
  }

  /** Letters to add, drop or change to get from one to the other (Levenshtein). */
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int i = 0; i < row.length; i++) {
      row[i] = i;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
