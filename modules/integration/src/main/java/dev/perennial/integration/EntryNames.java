package dev.perennial.integration;

import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problems;
import java.util.Set;

/** Names that an author gives to what lies under {@code oauth}. */
final class EntryNames {

  /** Names under {@code oauth} that are ours. */
  private static final Set<String> OURS = Set.of("perennial", "redirect_params");

  private EntryNames() {}

  static void check(Place at, String name, Problems problems) {
    if (OURS.contains(name)) {
      problems.error(at, "'" + name + "' is taken: choose another name");
    }
  }
}
