package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the members of an object with their types. A member of a wrong type is a problem. */
record Fields(Json.Obj object, Problems problems) {

  Optional<Json.Text> text(String key) {
    return typed(key, Json.Text.class, "a text");
  }

  Optional<Json.Obj> object(String key) {
    return typed(key, Json.Obj.class, "an object");
  }

  Optional<Json.Arr> list(String key) {
    return typed(key, Json.Arr.class, "a list");
  }

  Optional<Boolean> flag(String key) {
    return typed(key, Json.Bool.class, "true or false").map(Json.Bool::value);
  }

  boolean flag(String key, boolean otherwise) {
    return flag(key).orElse(otherwise);
  }

  /** A list of texts; items of another type are problems. */
  List<Json.Text> texts(String key) {
    List<Json.Text> texts = new ArrayList<>();
    for (Json item : list(key).map(Json.Arr::items).orElse(List.of())) {
      if (item instanceof Json.Text text) {
        texts.add(text);
      } else {
        problems.error(item.at(), "must be a text, is " + item.kind());
      }
    }
    return texts;
  }

  /** Says that a member must be there. */
  void missing(String key, String reason) {
    problems.error(object.at().member(key), reason);
  }

  private <T extends Json> Optional<T> typed(String key, Class<T> type, String wanted) {
    Optional<Json> value = object.get(key);
    if (value.isPresent() && !type.isInstance(value.get())) {
      problems.error(value.get().at(), "must be " + wanted + ", is " + value.get().kind());
      return Optional.empty();
    }
    return value.map(type::cast);
  }
}
