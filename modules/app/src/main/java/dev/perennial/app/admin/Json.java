package dev.perennial.app.admin;

import dev.perennial.event.JsonObjects;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON objects as maps, in and out. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(JsonObjects.MAX_DEPTH)
                          .maxStringLength(JsonObjects.MAX_BYTES)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  static byte[] write(Map<String, ? extends @Nullable Object> object) {
    return MAPPER.writeValueAsString(object).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @throws Refusal where it is no JSON object
   */
  static Map<String, @Nullable Object> read(byte[] bytes) {
    return read(bytes, "The body");
  }

  /**
   * @param what it is, for people
   */
  static Map<String, @Nullable Object> read(byte[] bytes, String what) {
    try {
      if (MAPPER.readValue(bytes, Object.class) instanceof Map<?, ?> map) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        map.forEach((name, value) -> object.put(String.valueOf(name), value));
        return object;
      }
    } catch (JacksonException _) {
      // told below; its message may repeat what was sent
    }
    throw new Refusal(Problem.badRequest(what + " must be one JSON object."));
  }
}
