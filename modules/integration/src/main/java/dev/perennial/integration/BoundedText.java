package dev.perennial.integration;

import java.util.regex.Pattern;

/**
 * A text that a pattern may look at so many times and no more: some patterns go back and forth for
 * ages over a value that almost matches. Counts for one match; not thread-safe.
 */
final class BoundedText implements CharSequence {
  /** About ten milliseconds, and far more than a pattern needs that does not go back and forth. */
  private static final long MOST_LOOKS = 2_000_000;

  private final String text;
  private long looks;

  private BoundedText(String text) {
    this.text = text;
  }

  /** Whether the whole value matches; not, where that cannot be told within the bounds. */
  static boolean matches(Pattern pattern, String value) {
    try {
      return pattern.matcher(new BoundedText(value)).matches();
    } catch (TooManyLooksException | StackOverflowError e) {
      return false;
    }
  }

  @Override
  public char charAt(int index) {
    looks++;
    if (looks > MOST_LOOKS) {
      throw new TooManyLooksException();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.subSequence(start, end);
  }

  @Override
  public String toString() {
    return text;
  }

  private static final class TooManyLooksException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyLooksException() {
      super("", null, false, false);
    }
  }
}
