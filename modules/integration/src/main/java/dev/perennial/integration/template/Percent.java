package dev.perennial.integration.template;

import java.nio.charset.StandardCharsets;

/** Percent-encoding (RFC 3986 section 2) of values and of what an author wrote. */
final class Percent {
  private static final String HEX = "0123456789ABCDEF";
  private static final String UNRESERVED = "-._~";
  private static final String RESERVED = ":/?#[]@!$&'()*+,;=";

  private Percent() {}

  /** A value: only unreserved characters stay. */
  static String value(String text) {
    return encode(text, UNRESERVED, false);
  }

  /** A value of a form body: a space is a plus sign. */
  static String form(String text) {
    return encode(text, UNRESERVED + " ", false).replace(' ', '+');
  }

  /** What an author wrote into a URL: everything legal stays, escapes too. */
  static String literal(String text) {
    return encode(text, UNRESERVED + RESERVED.replace("[", "").replace("]", ""), true);
  }

  private static String encode(String text, String kept, boolean keepEscapes) {
    int plain = plain(text, kept);
    return plain == text.length() ? text : encode(text, plain, kept, keepEscapes);
  }

  /** How much at the beginning stays as it is. */
  private static int plain(String text, String kept) {
    int end = 0;
    while (end < text.length() && stays(text.charAt(end), kept)) {
      end++;
    }
    return end;
  }

  private static boolean stays(int c, String kept) {
    return alphanumeric(c) || kept.indexOf(c) >= 0;
  }

  private static String encode(String text, int from, String kept, boolean keepEscapes) {
    StringBuilder encoded = new StringBuilder(text.length() + 16).append(text, 0, from);
    for (int i = from; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (stays(c, kept) || (keepEscapes && escape(text, i))) {
        encoded.append((char) c);
      } else {
        append(encoded, c);
      }
      i += Character.charCount(c);
    }
    return encoded.toString();
  }

  private static void append(StringBuilder encoded, int c) {
    for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
      encoded.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
    }
  }

  private static boolean alphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean escape(String text, int i) {
    return text.charAt(i) == '%'
        && i + 2 < text.length()
        && Character.digit(text.charAt(i + 1), 16) >= 0
        && Character.digit(text.charAt(i + 2), 16) >= 0;
  }
}
