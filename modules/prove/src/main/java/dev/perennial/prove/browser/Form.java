package dev.perennial.prove.browser;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The first form of a page, filled in as a person would who agrees to everything: what is hidden
 * stays, boxes are ticked, the name and the password stand where they are asked for.
 *
 * @param action where it is sent
 * @param post by POST, else by GET
 */
record Form(URI action, boolean post, Map<String, String> fields) {
  private static final Pattern FORM =
      Pattern.compile("<form\\b([^>]*)>(.*?)</form>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern INPUT =
      Pattern.compile("<(input|button)\\b([^>]*)>", Pattern.CASE_INSENSITIVE);
  private static final Pattern ATTRIBUTE =
      Pattern.compile("([a-zA-Z_-]+)(?:\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'>]+)))?");

  static Optional<Form> of(Page page, String user, String password) {
    Matcher form = FORM.matcher(page.body());
    if (!form.find()) {
      return Optional.empty();
    }
    Map<String, String> itself = attributes(String.valueOf(form.group(1)));
    String action = itself.getOrDefault("action", "");
    return Optional.of(
        new Form(
            action.isEmpty() ? page.uri() : page.uri().resolve(action),
            itself.getOrDefault("method", "get").equalsIgnoreCase("post"),
            fields(String.valueOf(form.group(2)), user, password)));
  }

  private static Map<String, String> fields(String html, String user, String password) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher input = INPUT.matcher(html);
    boolean submitted = false;
    while (input.find()) {
      Map<String, String> attributes = attributes(String.valueOf(input.group(2)));
      String type = attributes.getOrDefault("type", "text").toLowerCase(java.util.Locale.ROOT);
      String name = attributes.get("name");
      boolean button = type.equals("submit") || "button".equalsIgnoreCase(input.group(1));
      if (name == null || type.equals("reset") || (button && submitted)) {
        continue;
      }
      submitted |= button;
      switch (type) {
        case "password" -> fields.put(name, password);
        case "text", "email" -> fields.put(name, user);
        case "checkbox" -> fields.merge(name, attributes.getOrDefault("value", "on"), Form::joined);
        default -> fields.put(name, attributes.getOrDefault("value", ""));
      }
    }
    return fields;
  }

  /** Several boxes of one name; {@link #encoded} takes them apart again. */
  private static String joined(String one, String other) {
    return one + "\n" + other;
  }

  private static Map<String, String> attributes(String html) {
    Map<String, String> found = new LinkedHashMap<>();
    Matcher attribute = ATTRIBUTE.matcher(html);
    while (attribute.find()) {
      String value = "";
      for (int group = 2; group <= 4; group++) {
        String one = attribute.group(group);
        value = one == null ? value : one;
      }
      found.put(String.valueOf(attribute.group(1)).toLowerCase(java.util.Locale.ROOT), text(value));
    }
    return found;
  }

  private static String text(String html) {
    return html.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }

  String encoded() {
    return fields.entrySet().stream()
        .flatMap(field ->
            field.getValue().lines().map(value -> encoded(field.getKey()) + "=" + encoded(value)))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
