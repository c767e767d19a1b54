package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import java.util.List;

/** Reads paths into an answer: {@code data.0.access-token}. */
final class DottedPaths {
  private DottedPaths() {}

  /** The segments of one. */
  static List<String> path(String text) {
    return List.of(text.split("\\.", -1));
  }

  /** One path, or a list of them. */
  static List<List<String>> paths(Json value) {
    return switch (value) {
      case Json.Text text -> List.of(path(text.text()));
      case Json.Arr(var _, List<Json> items) ->
          items.stream().flatMap(item -> paths(item).stream()).toList();
      case Json.Obj _, Json.Num _, Json.Bool _, Json.Nil _ -> List.of();
    };
  }
}
