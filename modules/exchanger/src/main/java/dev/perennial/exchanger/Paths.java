package dev.perennial.exchanger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values by their path: names of members, and numbers of items from 0. Pure; nothing that is given
 * is changed.
 */
final class Paths {
  private static final Pattern ITEM = Pattern.compile("[0-9]{1,6}");

  private Paths() {}

  /** Null where there is nothing at the path, or null. */
  static @Nullable Object at(@Nullable Object from, List<String> path) {
    Object value = from;
    for (String step : path) {
      value = step(value, step);
    }
    return value;
  }

  private static @Nullable Object step(@Nullable Object value, String step) {
    if (value instanceof Map<?, ?> object) {
      return object.get(step);
    }
    boolean item = value instanceof List<?> && ITEM.matcher(step).matches();
    if (item && value instanceof List<?> list) {
      int number = Integer.parseInt(step);
      return number < list.size() ? list.get(number) : null;
    }
    return null;
  }

  /** The object at the path; empty where there is none. */
  static Optional<Map<String, @Nullable Object>> object(@Nullable Object from, List<String> path) {
    return at(from, path) instanceof Map<?, ?> found ? Optional.of(copy(found)) : Optional.empty();
  }

  /** A copy with text names. */
  static Map<String, @Nullable Object> copy(Map<?, ?> object) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    object.forEach((name, value) -> copy.put(String.valueOf(name), value));
    return copy;
  }

  /**
   * A copy with another value at the path. What is in the way and is no object or list gives way.
   */
  static Map<String, @Nullable Object> with(
      Map<String, ? extends @Nullable Object> object, List<String> path, @Nullable Object value) {
    Map<String, @Nullable Object> copy = copy(object);
    String name = path.getFirst();
    copy.put(name, replaced(copy.get(name), path.subList(1, path.size()), value));
    return copy;
  }

  private static @Nullable Object replaced(
      @Nullable Object at, List<String> path, @Nullable Object value) {
    if (path.isEmpty()) {
      return value;
    }
    String step = path.getFirst();
    if (at instanceof List<?> list && step(list, step) != null) {
      List<@Nullable Object> copy = new ArrayList<>(list);
      int number = Integer.parseInt(step);
      copy.set(number, replaced(copy.get(number), path.subList(1, path.size()), value));
      return copy;
    }
    return with(at instanceof Map<?, ?> object ? copy(object) : Map.of(), path, value);
  }
}
