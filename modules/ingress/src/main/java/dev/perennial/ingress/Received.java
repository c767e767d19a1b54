package dev.perennial.ingress;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came as a query or a form body (application/x-www-form-urlencoded), read within bounds. */
sealed interface Received {

  /** In bytes, of a query or a body. */
  int MAX_LENGTH = 16 * 1024;

  int MAX_PARAMETERS = 64;

  /** Why nothing was read. */
  enum Flaw implements Received {
    TOO_LONG,
    TOO_MANY,
    MALFORMED
  }

  /** Names and values in the order they came; full of secrets, prints names only. */
  record Parameters(Map<String, List<String>> values) implements Received {

    /** The first value of this name; null where there is none or it is empty. */
    @Nullable String first(String name) {
      List<String> all = values.getOrDefault(name, List.of());
      return all.isEmpty() || all.getFirst().isEmpty() ? null : all.getFirst();
    }

    /** Whether a parameter came more than once (RFC 6749 section 3.1 forbids it). */
    boolean repeats(String name) {
      return values.getOrDefault(name, List.of()).size() > 1;
    }

    @Override
    public String toString() {
      return "Parameters" + values.keySet();
    }
  }

  static Received read(String raw) {
    if (raw.length() > MAX_LENGTH) {
      return Flaw.TOO_LONG;
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    int count = 0;
    for (String pair : raw.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      if (++count > MAX_PARAMETERS) {
        return Flaw.TOO_MANY;
      }
      if (!put(pair, values)) {
        return Flaw.MALFORMED;
      }
    }
    return new Parameters(values);
  }

  private static boolean put(String pair, Map<String, List<String>> values) {
    int equals = pair.indexOf('=');
    String name = equals < 0 ? pair : pair.substring(0, equals);
    String value = equals < 0 ? "" : pair.substring(equals + 1);
    try {
      values.computeIfAbsent(decode(name), _ -> new ArrayList<>()).add(decode(value));
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
