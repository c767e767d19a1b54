package dev.perennial.app.admin;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an exported line was exported: it stays with what was imported from it as its identity, so
 * that an older line of the same grant is known too.
 *
 * @param tokenGen the answer of the grant
 */
record Origin(long grant, long tokenGen) {
  private static final Pattern TEXT = Pattern.compile("export ([0-9]{1,18})/([0-9]{1,18})");

  /** Empty where the identity is not that of an exported line. */
  static Optional<Origin> read(String identity) {
    Matcher text = TEXT.matcher(identity);
    return text.matches()
        ? Optional.of(new Origin(number(text, 1), number(text, 2)))
        : Optional.empty();
  }

  private static long number(Matcher text, int group) {
    return Long.parseLong(String.valueOf(text.group(group)));
  }

  String identity() {
    return "export " + grant + "/" + tokenGen;
  }

  /** Whether the other is as new or newer, as far as they can be compared. */
  boolean isReachedBy(Origin other) {
    return grant == other.grant && tokenGen <= other.tokenGen;
  }
}
