package dev.perennial.integration.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks into JSON values (String, Number, Boolean, List, Map, null) and turns them into text. */
public final class JsonValues {

  /** Longest text that one name may bring into a template, in characters. */
  public static final int MAX_TEXT = 64 * 1024;

  private static final int MAX_SCALE = 400;

  private JsonValues() {}

  /** The part of a value that a way leads to; null where it leads nowhere. */
  public static @Nullable Object part(@Nullable Object value, List<String> way) {
    Object part = value;
    for (String key : way) {
      part = part(part, key);
    }
    return part;
  }

  /** The member of an object, or the item of a list by its number from 0. */
  static @Nullable Object part(@Nullable Object value, String key) {
    if (value instanceof Map<?, ?> map) {
      return map.get(key);
    }
    if (value instanceof List<?> list
        && key.length() < 9
        && key.chars().allMatch(JsonValues::digit)) {
      int index = Integer.parseInt(key);
      return index < list.size() ? list.get(index) : null;
    }
    return null;
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  /**
   * A scalar as text: numbers in plain digits without grouping.
   *
   * @param name in messages, where alone it is turned into text
   * @throws Refused where the value is none, too long or not Unicode
   */
  static String text(Object value, Object name) {
    return switch (value) {
      case String text -> checked(text, name);
      case Boolean flag -> flag.toString();
      case BigDecimal number -> plain(number, name);
      case Double number -> plain(finite(number, name), name);
      case Float number -> plain(finite(number.doubleValue(), name), name);
      case Number number -> checked(number.toString(), name);
      case List<?> _ -> throw new Refused(name + " is a list, not a text");
      case Map<?, ?> _ -> throw new Refused(name + " is an object, not a text");
      default -> throw new Refused(name + " is not a text");
    };
  }

  private static BigDecimal finite(double number, Object name) {
    if (!Double.isFinite(number)) {
      throw new Refused(name + " is not a number that can be written");
    }
    return BigDecimal.valueOf(number);
  }

  /** Without the bound, 1E+999999999 would be written as a billion zeros. */
  private static String plain(BigDecimal number, Object name) {
    if (Math.abs((long) number.scale()) > MAX_SCALE || number.precision() > MAX_SCALE) {
      throw new Refused(name + " is a number with too many digits");
    }
    boolean zero = number.signum() == 0;
    return zero ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private static String checked(String text, Object name) {
    if (text.length() > MAX_TEXT) {
      throw new Refused(name + " is longer than " + MAX_TEXT + " characters");
    }
    if (!wellFormed(text)) {
      throw new Refused(name + " is not well-formed Unicode");
    }
    return text;
  }

  private static boolean wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
