package dev.perennial.event;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON objects as plain values: String, Integer, Long, BigInteger, BigDecimal, Boolean, List, Map,
 * null. Numbers keep their value (3600 stays an integer, 1e400 stays 1e400), members their order;
 * of a name that stands twice the last one counts. Nothing may follow the object. Thread-safe.
 */
public final class JsonObjects {

  /** How deep arrays and objects may stand in each other. */
  public static final int MAX_DEPTH = 100;

  /** The longest document, in bytes. */
  public static final int MAX_BYTES = 4 << 20;

  private static final JsonMapper MAPPER = mapper();
  private static final ObjectReader READER =
      MAPPER.readerFor(
          MAPPER.getTypeFactory().constructMapType(Map.class, String.class, Object.class));
  private static final ObjectReader ARRAYS =
      MAPPER.readerFor(MAPPER.getTypeFactory().constructCollectionType(List.class, Object.class));
  private static final ObjectWriter WRITER = MAPPER.writer();

  private JsonObjects() {}

  private static JsonMapper mapper() {
    StreamReadConstraints limits =
        StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxDocumentLength(MAX_BYTES)
            .maxStringLength(MAX_BYTES)
            .build();
    return JsonMapper.builder(JsonFactory.builder().streamReadConstraints(limits).build())
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  /**
   * Reads one object; UTF-8, as RFC 8259 section 8.1 has it.
   *
   * @throws MalformedJsonException where the bytes are anything else or beyond a limit
   */
  public static Map<String, @Nullable Object> read(byte[] json) throws MalformedJsonException {
    Function<byte[], @Nullable Map<String, @Nullable Object>> reading = READER::readValue;
    return parse(reading, json, "object");
  }

  /**
   * Reads one array of such values; the same limits and errors.
   *
   * @throws MalformedJsonException where the bytes are anything else or beyond a limit
   */
  public static List<@Nullable Object> readArray(byte[] json) throws MalformedJsonException {
    Function<byte[], @Nullable List<@Nullable Object>> reading = ARRAYS::readValue;
    return parse(reading, json, "array");
  }

  private static <T> T parse(Function<byte[], @Nullable T> reading, byte[] json, String what)
      throws MalformedJsonException {
    if (json.length > MAX_BYTES) {
      throw new MalformedJsonException(json.length + " bytes of JSON, at most " + MAX_BYTES);
    }
    try {
      T value = reading.apply(json);
      if (value == null) {
        throw new MalformedJsonException("not a JSON " + what);
      }
      return value;
    } catch (StreamConstraintsException e) {
      throw new MalformedJsonException("JSON too deep or too long" + at(e.getLocation()));
    } catch (JacksonException e) {
      // Jackson's own message repeats what it stumbled over.
      throw new MalformedJsonException("not a JSON " + what + at(e.getLocation()));
    }
  }

  private static String at(@Nullable TokenStreamLocation where) {
    return where == null ? "" : ", line " + where.getLineNr() + ", column " + where.getColumnNr();
  }

  /** Writes values of the kinds above as compact UTF-8, members in the map's order. */
  public static byte[] write(Map<String, ? extends @Nullable Object> object) {
    return WRITER.writeValueAsBytes(object);
  }
}
