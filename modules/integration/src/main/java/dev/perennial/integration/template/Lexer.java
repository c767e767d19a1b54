package dev.perennial.integration.template;

/** Cuts what stands inside <code>{{ }}</code> into tokens. Not thread-safe. */
final class Lexer {
  private static final String SIGNS = "+!()[],.|";

  private final String template;
  private final int open;
  private int at;

  /**
   * @param open offset of the two opening braces
   */
  Lexer(String template, int open) {
    this.template = template;
    this.open = open;
    this.at = open + 2;
  }

  /** Offset of the next character. */
  int offset() {
    return at;
  }

  Token next() throws TemplateSyntaxException {
    while (at < template.length() && Character.isWhitespace(template.charAt(at))) {
      at++;
    }
    if (at >= template.length()) {
      throw new TemplateSyntaxException(open, "{{ is not closed by }}");
    }
    char c = template.charAt(at);
    if (template.startsWith("}}", at)) {
      at += 2;
      return new Token(Token.Kind.CLOSE, "}}", at - 2);
    }
    if (c == '"') {
      return text();
    }
    if (isWord(c)) {
      return word();
    }
    if (SIGNS.indexOf(c) >= 0) {
      return new Token(Token.Kind.SIGN, String.valueOf(c), at++);
    }
    throw new TemplateSyntaxException(at, unexpected(c));
  }

  private static String unexpected(char c) {
    return switch (c) {
      case '\'' -> "texts stand in double quotes";
      case '?' -> "there are no built-ins; a default is written x!\"default\"";
      case '{' -> "{{ inside {{ }}: close the first one with }}";
      default ->
          c > 0x20 && c < 0x7f
              ? "'" + c + "' is not part of the language"
              : String.format("the character U+%04X is not part of the language", (int) c);
    };
  }

  private Token text() throws TemplateSyntaxException {
    int start = at++;
    StringBuilder text = new StringBuilder();
    while (at < template.length()) {
      char c = template.charAt(at++);
      if (c == '"') {
        return new Token(Token.Kind.TEXT, text.toString(), start);
      }
      text.append(c == '\\' ? escaped() : c);
    }
    throw new TemplateSyntaxException(start, "the text is not closed by \"");
  }

  private char escaped() throws TemplateSyntaxException {
    if (at < template.length()) {
      char c = template.charAt(at++);
      if (c == '"' || c == '\\') {
        return c;
      }
    }
    throw new TemplateSyntaxException(at - 1, "a text knows only \\\" and \\\\");
  }

  private Token word() {
    int start = at;
    boolean digits = true;
    while (at < template.length() && isWord(template.charAt(at))) {
      digits &= isDigit(template.charAt(at++));
    }
    Token.Kind kind = digits ? Token.Kind.INTEGER : Token.Kind.WORD;
    return new Token(kind, template.substring(start, at), start);
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == '-';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
