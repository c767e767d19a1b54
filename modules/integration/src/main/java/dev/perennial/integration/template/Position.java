package dev.perennial.integration.template;

import java.util.function.UnaryOperator;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Where a value stands, which decides how it is encoded and what it may hold. The literal text of a
 * template is encoded once, when the definition is read; in URLs it keeps what is legal there.
 */
@SuppressWarnings("ImmutableEnumChecker") // the fields are pure functions
public enum Position {
  /** The start of a URL, up to its host at least: the value is a URL and is checked as one. */
  URL(UnaryOperator.identity(), Percent::literal),
  /** Letters, digits, dots and hyphens; anything else is refused. */
  HOST(Position::host, UnaryOperator.identity()),
  /** Digits; anything else is refused. */
  PORT(Position::port, UnaryOperator.identity()),
  /** Within one segment of a path: a slash does not end it. */
  PATH(Percent::value, Percent::literal),
  /** Within one name or value of a query. */
  QUERY(Percent::value, Percent::literal),
  /** Within one value of a form body. */
  FORM(Percent::form, Percent::form),
  /** Within a JSON text, between its quotes. */
  JSON(Position::json, Position::json),
  /** Visible ASCII, spaces and tabs; anything else is refused. */
  HEADER(Position::header, UnaryOperator.identity()),
  /** As it is; whoever asks for it encodes the whole. */
  PLAIN(UnaryOperator.identity(), UnaryOperator.identity());

  private final UnaryOperator<String> value;
  private final UnaryOperator<String> literal;

  Position(UnaryOperator<String> value, UnaryOperator<String> literal) {
    this.value = value;
    this.literal = literal;
  }

  /**
   * @throws Refused where the value may not stand here
   */
  String value(String text) {
    return value.apply(text);
  }

  String literal(String text) {
    return literal.apply(text);
  }

  private static String host(String text) {
    boolean legal =
        text.chars()
            .allMatch(c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '-');
    if (!legal) {
      throw new Refused("a host holds only letters, digits, dots and hyphens");
    }
    return text;
  }

  private static String port(String text) {
    if (!text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new Refused("a port holds only digits");
    }
    return text;
  }

  private static String header(String text) {
    if (!text.chars().allMatch(c -> (c >= 0x20 && c < 0x7f) || c == '\t')) {
      throw new Refused("a header holds only visible ASCII characters, spaces and tabs");
    }
    return text;
  }

  private static String json(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
  }
}
