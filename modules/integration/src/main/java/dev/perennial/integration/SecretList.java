package dev.perennial.integration;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A secret that is being replaced has several values, tried in order: {@code ["new","old"]}. Any
 * other text is one value.
 */
final class SecretList {
  private static final int MOST = 5;
  private static final JsonFactory FACTORY = new JsonFactory();

  private SecretList() {}

  static List<String> read(String value) {
    List<String> one = List.of(value);
    if (!value.startsWith("[")) {
      return one;
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), value)) {
      List<String> all = new ArrayList<>();
      parser.nextToken();
      while (parser.nextToken() == JsonToken.VALUE_STRING) {
        all.add(parser.getString());
      }
      boolean ended = parser.currentToken() == JsonToken.END_ARRAY && parser.nextToken() == null;
      boolean usable = !all.isEmpty() && all.size() <= MOST && !all.contains("");
      return ended && usable ? List.copyOf(all) : one;
    } catch (JacksonException e) {
      return one;
    }
  }
}
