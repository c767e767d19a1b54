package dev.perennial.app.admin;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON objects as maps, in and out. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
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
    try {
      if (MAPPER.readValue(bytes, Object.class) instanceof Map<?, ?> map) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        map.forEach((name, value) -> object.put(String.valueOf(name), value));
        return object;
      }
    } catch (JacksonException _) {
      // told below; its message may repeat what was sent
    }
    throw new Refusal(Problem.badRequest("The body must be one JSON object."));
  }
}
