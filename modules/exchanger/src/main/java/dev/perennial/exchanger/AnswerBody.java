package dev.perennial.exchanger;

import dev.perennial.event.JsonObjects;
import dev.perennial.event.MalformedJsonException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a token answer: a JSON object (RFC 6749 section 5.1) or, as some providers
 * answer, a form. Told apart by how it begins and not by the Content-Type, which is wrong too often
 * and decides nothing: no form begins with a brace or a bracket, and JSON with nothing else. UTF-8;
 * a byte order mark is skipped.
 */
final class AnswerBody {
  /** What a form may consist of; lenient about what should be percent-encoded and often is not. */
  private static final Pattern FORM = Pattern.compile("[!#$%&'()*+,./:;=?@|~A-Za-z0-9_\\-]+");

  private static final int BYTE_ORDER_MARK = 0xfeff;
  private static final int REPLACEMENT = 0xfffd;

  private AnswerBody() {}

  /**
   * Empty where the body is neither.
   *
   * @param list whether a JSON array will do as well
   * @return a Map, or a List
   */
  static Optional<Object> read(byte[] body, boolean list) {
    try {
      String whole = decoded(body);
      String text = stripped(whole);
      byte[] json = text.length() == whole.length() ? body : text.getBytes(StandardCharsets.UTF_8);
      if (text.startsWith("{")) {
        return Optional.of(JsonObjects.read(json));
      }
      return list && text.startsWith("[") ? Optional.of(JsonObjects.readArray(json)) : form(text);
    } catch (CharacterCodingException | MalformedJsonException e) {
      return Optional.empty();
    }
  }

  /**
   * Strict: a token with a replacement character in it is no token. The quick way puts one wherever
   * something is broken, so only where there is one it has to be asked whether it was sent.
   */
  private static String decoded(byte[] body) throws CharacterCodingException {
    String quick = new String(body, StandardCharsets.UTF_8);
    return quick.indexOf(REPLACEMENT) < 0
        ? quick
        : StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
  }

  private static String stripped(String text) {
    boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
    return (marked ? text.substring(1) : text).strip();
  }

  private static Optional<Object> form(String text) {
    if (!FORM.matcher(text).matches() || text.indexOf('=') < 0) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    try {
      for (String pair : text.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
      }
    } catch (IllegalArgumentException e) { // a percent sign that encodes nothing
      return Optional.empty();
    }
    return Optional.of(values);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
