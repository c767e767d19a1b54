package dev.perennial.app.migration;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Takes a source apart into records, one at a time. */
final class Records {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(Object.class);

  private Records() {}

  /** Is given one after the other, each with its number from 1. */
  @FunctionalInterface
  interface To {
    /**
     * @param record what it is not is an empty one
     */
    void accept(long number, Map<String, @Nullable Object> record);
  }

  /** One object, an array of them, or one after the other. */
  static void json(BufferedReader in, To to) {
    try (MappingIterator<Object> values = READER.readValues(in)) {
      for (long number = 1; values.hasNextValue(); number++) {
        to.accept(number, object(values.nextValue()));
      }
    } catch (JacksonException e) { // its message may repeat what it stumbled over
      throw new UnreadableSourceException(
          "not JSON"
              + (e.getLocation() == null
                  ? ""
                  : " at line "
                      + e.getLocation().getLineNr()
                      + ", column "
                      + e.getLocation().getColumnNr()));
    }
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, member) -> object.put(String.valueOf(name), member));
    }
    return object;
  }

  /** CSV (RFC 4180) with a header, unless it begins as JSON does. */
  static void jsonOrCsv(BufferedReader in, To to) throws IOException {
    in.mark(1);
    int first = in.read();
    while (first == ' ' || first == '\n' || first == '\r' || first == '\t' || first == 0xFEFF) {
      in.mark(1);
      first = in.read();
    }
    if (first < 0) {
      return;
    }
    in.reset();
    if (first == '{' || first == '[') {
      json(in, to);
    } else {
      csv(new CsvReader(in), to);
    }
  }

  private static void csv(CsvReader rows, To to) throws IOException {
    List<String> header = rows.next();
    List<String> row = rows.next();
    for (long number = 1; row != null; number++) {
      if (header == null || row.size() != header.size()) {
        throw new UnreadableSourceException(
            "row " + number + " has not as many fields as the header");
      }
      Map<String, @Nullable Object> record = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        record.put(header.get(i), row.get(i).isEmpty() ? null : row.get(i));
      }
      to.accept(number, record);
      row = rows.next();
    }
  }
}
