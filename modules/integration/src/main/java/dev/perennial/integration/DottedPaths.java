package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads paths into an answer: {@code data.0.access-token}. */
record DottedPaths(Problems problems) {
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+){0,15}");
  private static final int MAX_LENGTH = 300;
  private static final int MOST = 16;

  /** Empty where it is none; then a problem says so. */
  Optional<List<String>> path(Json.Text text) {
    return segments(text.text())
        .or(() -> {
          problems.error(
              text.at(), "must be a path such as data.0.token: letters, digits, _ and - with dots");
          return Optional.empty();
        });
  }

  /** The segments of a text that is a path. */
  static Optional<List<String>> segments(String text) {
    return text.length() <= MAX_LENGTH && PATH.matcher(text).matches()
        ? Optional.of(List.of(text.split("\\.", -1)))
        : Optional.empty();
  }

  /** One path, or a list of them. */
  List<List<String>> paths(Json value) {
    List<List<String>> paths = new ArrayList<>();
    switch (value) {
      case Json.Text text -> path(text).ifPresent(paths::add);
      case Json.Arr(var at, List<Json> items) -> {
        if (items.size() > MOST) {
          problems.error(at, "at most " + MOST + " paths");
        }
        items.forEach(item -> item(item, paths));
      }
      case Json.Obj _, Json.Num _, Json.Bool _, Json.Nil _ ->
          problems.error(value.at(), "must be a path or a list of paths, is " + value.kind());
    }
    return paths;
  }

  private void item(Json item, List<List<String>> paths) {
    if (item instanceof Json.Text text) {
      path(text).ifPresent(paths::add);
    } else {
      problems.error(item.at(), "must be a path, is " + item.kind());
    }
  }
}
