package dev.perennial.integration;

import dev.perennial.integration.template.Path;
import dev.perennial.integration.template.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for all values of a definition but those given: {@code <CLIENT_SECRET>}. Inside a
 * rendering each is a number of its own, which may stand everywhere and survives every encoding.
 * Used by one thread.
 */
final class Placeholders implements Values {
  private static final String START = "7319460";
  private static final Pattern NUMBER = Pattern.compile(START + "\\d{5}");
  private static final Pattern BASIC = Pattern.compile("Basic ([A-Za-z0-9+/]+=*)");

  private final Map<String, String> given;
  private final List<String> names;
  private final @Nullable String body;

  /**
   * @param given values to be shown, by the name that templates read
   */
  Placeholders(Map<String, String> given) {
    this(Map.copyOf(given), new ArrayList<>(), null);
  }

  private Placeholders(Map<String, String> given, List<String> names, @Nullable String body) {
    this.given = given;
    this.names = names;
    this.body = body;
  }

  @Override
  public Object find(Path path) {
    String name = path.toString();
    if (given.containsKey(name)) {
      return given.getOrDefault(name, "");
    }
    if (body != null && name.equals("body")) {
      return body;
    }
    if (!names.contains(name)) {
      names.add(name);
    }
    return START + "%05d".formatted(names.indexOf(name));
  }

  @Override
  public String remedy(Path path) {
    return "";
  }

  /** What {@code random()} and {@code uuid()} make is nothing to look at. */
  @Override
  public RandomGenerator random() {
    return () -> 0L;
  }

  @Override
  public Values withBody(String text) {
    return new Placeholders(given, names, text);
  }

  /** The text with names for numbers, and Basic credentials (RFC 7617) that hold some decoded. */
  String named(String text) {
    Matcher basic = BASIC.matcher(text);
    String decoded = basic.matches() ? decoded(String.valueOf(basic.group(1))) : "";
    return numbered(decoded.contains(START) ? "Basic base64(" + decoded + ")" : text);
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private String numbered(String text) {
    return NUMBER.matcher(text).replaceAll(found -> Matcher.quoteReplacement(name(found.group())));
  }

  private String name(String number) {
    int index = Integer.parseInt(number.substring(START.length()));
    return index < names.size() ? "<" + names.get(index) + ">" : number;
  }
}
