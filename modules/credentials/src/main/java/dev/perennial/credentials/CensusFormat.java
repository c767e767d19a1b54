package dev.perennial.credentials;

import dev.perennial.domain.credential.Census;
import dev.perennial.domain.credential.Census.Count;
import dev.perennial.domain.credential.Status;
import dev.perennial.event.JsonObjects;
import dev.perennial.event.MalformedJsonException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A census as it is kept: a JSON object, nothing in it secret.
 *
 * <pre>
 * {"format": 1, "taken_at": 1764331200000, "took_ms": 812,
 *  "integrations": {"google": {"connections": {"active": 3}, "expected": 3, "valid": 3,
 *    "overdue": 0, "due_1m": 0, "due_5m": 1, "due_1h": 3, "oldest_due": 1764331190000}}}
 * </pre>
 *
 * Times are Unix milliseconds. Another format is none that we can read; unknown members are passed
 * over.
 */
final class CensusFormat {
  private static final int FORMAT = 1;

  private CensusFormat() {}

  static byte[] write(Census census) {
    Map<String, @Nullable Object> integrations = new LinkedHashMap<>();
    census.integrations().forEach((slug, count) -> integrations.put(slug, write(count)));
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("format", FORMAT);
    all.put("taken_at", census.takenAt().toEpochMilli());
    all.put("took_ms", census.took().toMillis());
    all.put("integrations", integrations);
    return JsonObjects.write(all);
  }

  private static Map<String, @Nullable Object> write(Count count) {
    Map<String, @Nullable Object> connections = new LinkedHashMap<>();
    count.connections().forEach((status, number) -> connections.put(status.text(), number));
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("connections", connections);
    all.put("expected", count.expected());
    all.put("valid", count.valid());
    all.put("overdue", count.overdue());
    all.put("due_1m", count.dueIn1m());
    all.put("due_5m", count.dueIn5m());
    all.put("due_1h", count.dueIn1h());
    Instant oldest = count.oldestDue();
    if (oldest != null) {
      all.put("oldest_due", oldest.toEpochMilli());
    }
    return all;
  }

  /** Empty where it is of another format. */
  static Optional<Census> read(byte[] json) {
    try {
      Map<String, @Nullable Object> all = JsonObjects.read(json);
      return number(all, "format") == FORMAT ? Optional.of(census(all)) : Optional.empty();
    } catch (MalformedJsonException e) {
      return Optional.empty();
    }
  }

  private static Census census(Map<String, @Nullable Object> all) {
    Map<String, Count> integrations = new TreeMap<>();
    object(all.get("integrations"))
        .forEach((slug, count) -> integrations.put(slug, count(object(count))));
    return new Census(
        Instant.ofEpochMilli(number(all, "taken_at")),
        Duration.ofMillis(number(all, "took_ms")),
        integrations);
  }

  private static Count count(Map<String, @Nullable Object> all) {
    Map<String, @Nullable Object> named = object(all.get("connections"));
    Map<Status, Long> connections = new EnumMap<>(Status.class);
    for (Status status : Status.values()) {
      if (named.containsKey(status.text())) {
        connections.put(status, number(named, status.text()));
      }
    }
    return new Count(
        connections,
        number(all, "expected"),
        number(all, "valid"),
        number(all, "overdue"),
        number(all, "due_1m"),
        number(all, "due_5m"),
        number(all, "due_1h"),
        all.containsKey("oldest_due") ? Instant.ofEpochMilli(number(all, "oldest_due")) : null);
  }

  private static long number(Map<String, @Nullable Object> of, String name) {
    return of.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, member) -> object.put(String.valueOf(name), member));
    }
    return object;
  }
}
