package dev.perennial.integration;

import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problem;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Something to say about a definition file: one line of {@code perennial check}. Never holds the
 * value of a variable.
 *
 * @param file as it was given
 * @param at JSON path, line and column
 */
public record Finding(Severity severity, String file, Place at, String reason) {

  /** What follows from a finding. */
  public enum Severity {
    /** The definition cannot be used. */
    ERROR,
    /** It works; somebody should look at it. */
    WARNING,
    /** It works once a variable is set. */
    NEED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]");
  private static final int MAX_REASON = 600;
  private static final int MAX_PATH = 200;

  static Finding of(Severity severity, String file, Problem problem) {
    return new Finding(severity, file, problem.at(), problem.reason());
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** {@code integrations/x.json:12:5: error: oauth.refresh.url: …}, always one line. */
  @Override
  public String toString() {
    String path = at.path().isEmpty() ? "" : printable(at.path(), MAX_PATH) + ": ";
    String position = printable(file, MAX_REASON) + ":" + at.line() + ":" + at.column();
    return position + ": " + severity.text() + ": " + path + printable(reason, MAX_REASON);
  }

  private static String printable(String text, int most) {
    return oneLine(text.length() > most ? text.substring(0, most) + "…" : text);
  }

  /** A text of somebody else's as one line of a terminal. */
  static String oneLine(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("?");
  }
}
