package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import java.util.List;
import java.util.Optional;

/**
 * The members of an object by their types. One of another type counts as absent: the schema has
 * told of it.
 */
record Fields(Json.Obj object) {

  Optional<Json.Text> text(String key) {
    return typed(key, Json.Text.class);
  }

  Optional<Json.Num> number(String key) {
    return typed(key, Json.Num.class);
  }

  Optional<Json.Obj> object(String key) {
    return typed(key, Json.Obj.class);
  }

  Optional<Json.Arr> list(String key) {
    return typed(key, Json.Arr.class);
  }

  boolean flag(String key, boolean otherwise) {
    return flag(key).orElse(otherwise);
  }

  Optional<Boolean> flag(String key) {
    return typed(key, Json.Bool.class).map(Json.Bool::value);
  }

  /** The items of a list that are texts. */
  List<Json.Text> texts(String key) {
    return items(key, Json.Text.class);
  }

  /** The items of a list that are objects. */
  List<Json.Obj> objects(String key) {
    return items(key, Json.Obj.class);
  }

  private <T extends Json> List<T> items(String key, Class<T> type) {
    return list(key).map(Json.Arr::items).orElse(List.of()).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private <T extends Json> Optional<T> typed(String key, Class<T> type) {
    return object.get(key).filter(type::isInstance).map(type::cast);
  }
}
