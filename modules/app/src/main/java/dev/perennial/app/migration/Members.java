package dev.perennial.app.migration;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads members of a record; what has another type counts as not there. */
record Members(Map<String, @Nullable Object> values) {

  /** Under names in lower case, as databases differ in that. */
  static Members ofColumns(Map<String, @Nullable Object> row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    row.forEach((name, value) -> values.put(name.strip().toLowerCase(Locale.ROOT), value));
    return new Members(values);
  }

  /** Empty where there is none. */
  String text(String name) {
    return values.get(name) instanceof String text ? text : "";
  }

  Members object(String name) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    if (values.get(name) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> object.put(String.valueOf(key), value));
    }
    return new Members(object);
  }

  @Override
  public String toString() {
    return "Members" + values.keySet();
  }
}
