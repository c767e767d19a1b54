package dev.perennial.integration;

import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problems;
import java.util.Set;
import java.util.regex.Pattern;

/** Names that an author gives: to a jwt, to a sibling token, to a follow-up's answer. */
final class EntryNames {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** Names under {@code oauth} that are ours. */
  private static final Set<String> OURS = Set.of("perennial", "redirect_params");

  private EntryNames() {}

  static void check(Place at, String name, Problems problems) {
    if (!NAME.matcher(name).matches()) {
      problems.error(at, "a name has letters, digits, _ and -, at most 64");
    }
  }

  /** A name under {@code oauth}. */
  static void checkFree(Place at, String name, Problems problems) {
    check(at, name, problems);
    if (OURS.contains(name)) {
      problems.error(at, "'" + name + "' is taken: choose another name");
    }
  }
}
