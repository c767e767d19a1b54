package dev.perennial.integration.document;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value (RFC 8259) with its place in the file. Immutable. */
public sealed interface Json {

  Place at();

  /** What it is, as a message says it: {@code a text}, {@code an object}. */
  String kind();

  /**
   * @param members in the file's order
   * @param keys where each member's name stands
   */
  record Obj(Place at, Map<String, Json> members, Map<String, Place> keys) implements Json {
    public Obj {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
      keys = Map.copyOf(keys);
    }

    /** The member, where it is present and not null. */
    public Optional<Json> get(String name) {
      return Optional.ofNullable(members.get(name)).filter(value -> !(value instanceof Nil));
    }

    /** Where the name of a member that is present stands. */
    public Place key(String name) {
      return keys.getOrDefault(name, at);
    }

    @Override
    public String kind() {
      return "an object";
    }
  }

  record Arr(Place at, List<Json> items) implements Json {
    public Arr {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  record Text(Place at, String text) implements Json {
    @Override
    public String kind() {
      return "a text";
    }
  }

  /**
   * @param text as written in the file
   */
  record Num(Place at, String text) implements Json {

    /** Its value where that is a whole number of 32 bits, however it is written. */
    public Optional<Integer> whole() {
      try {
        return Optional.of(new BigDecimal(text).intValueExact());
      } catch (ArithmeticException | NumberFormatException e) {
        return Optional.empty();
      }
    }

    @Override
    public String kind() {
      return "a number";
    }
  }

  record Bool(Place at, boolean value) implements Json {
    @Override
    public String kind() {
      return "true or false";
    }
  }

  record Nil(Place at) implements Json {
    @Override
    public String kind() {
      return "null";
    }
  }
}
