package dev.perennial.app.migration;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Lines of our own form. They are sent as they are, but for integrations that are mapped. */
final class OwnLines {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private OwnLines() {}

  static void read(BufferedReader in, Names names, Consumer<Converted> to) throws IOException {
    long number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      if (!line.isBlank()) {
        to.accept(
            names.integrations().isEmpty()
                ? new Converted.Raw(number, line)
                : mapped(number, line, names));
      }
    }
  }

  private static Converted mapped(long number, String line, Names names) {
    try {
      if (MAPPER.readValue(line, Object.class) instanceof Map<?, ?> object
          && object.get("integration") instanceof String theirs
          && names.integrations().containsKey(theirs)) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        object.forEach((name, value) -> members.put(String.valueOf(name), value));
        members.put("integration", names.integrations().get(theirs));
        return new Converted.Raw(number, MAPPER.writeValueAsString(members));
      }
    } catch (JacksonException _) {
      // the API says what is wrong with it
    }
    return new Converted.Raw(number, line);
  }
}
