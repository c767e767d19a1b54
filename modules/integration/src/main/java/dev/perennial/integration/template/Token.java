package dev.perennial.integration.template;

/**
 * A token inside <code>{{ }}</code>.
 *
 * @param text of a word, a number or a text (unescaped); else the sign itself
 * @param offset in the whole template, from 0
 */
record Token(Kind kind, String text, int offset) {
  enum Kind {
    /** Letters, digits, underscores and hyphens. */
    WORD,
    /** Digits only. */
    INTEGER,
    TEXT,
    SIGN,
    /** The two closing braces. */
    CLOSE
  }

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  /** As a message names it. */
  String shown() {
    return switch (kind) {
      case CLOSE -> "the closing }}";
      case TEXT -> "a text";
      case WORD, INTEGER, SIGN -> "'" + text + "'";
    };
  }
}
