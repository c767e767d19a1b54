package dev.perennial.integration.document;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** Says what is wrong with a text that is not JSON, in words an author can act on. */
final class SyntaxProblem {

  /** A member without the braces around it, as parts of definitions are published. */
  private static final Pattern FRAGMENT =
      Pattern.compile("\\s*(\"(?:[^\"\\\\]|\\\\.){0,200}+\"\\s*:)");

  private static final Pattern SOURCE = Pattern.compile("\\s*\\(code [^)]*\\)");

  private SyntaxProblem() {}

  /** Where the fragment starts, -1 where the text is none. */
  static int fragmentStart(String text) {
    Matcher matcher = FRAGMENT.matcher(text);
    return matcher.lookingAt() ? matcher.start(1) : -1;
  }

  static String fragment(String text) {
    return text.stripTrailing().endsWith(",")
        ? "a fragment: wrap it in { } and remove the trailing comma"
        : "a fragment: wrap it in { }";
  }

  /** Where to point at: the comma itself where a trailing comma is the trouble. */
  static int position(String text, int offset) {
    int comma = trailingComma(text, offset);
    return comma >= 0 ? comma : offset;
  }

  static String reason(String text, int offset, JacksonException e) {
    if (trailingComma(text, offset) >= 0) {
      return "a trailing comma: remove it";
    }
    String message = e.getOriginalMessage();
    if (message.contains("nesting depth")) {
      return "more than " + DocumentReader.MAX_DEPTH + " levels of objects and lists";
    }
    if (offset >= text.stripTrailing().length()) {
      return "the file ends too early: a } or ] or \" is missing";
    }
    return "not JSON: " + SOURCE.matcher(message.lines().findFirst().orElse("")).replaceAll("");
  }

  /** The comma before a closing bracket near the offset, or -1. */
  private static int trailingComma(String text, int offset) {
    int i = Math.min(offset, text.length() - 1);
    if (i < 0 || (text.charAt(i) != '}' && text.charAt(i) != ']')) {
      return -1;
    }
    do {
      i--;
    } while (i >= 0 && Character.isWhitespace(text.charAt(i)));
    return i >= 0 && text.charAt(i) == ',' ? i : -1;
  }
}
