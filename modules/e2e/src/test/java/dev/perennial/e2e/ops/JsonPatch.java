package dev.perennial.e2e.ops;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * RFC 6902 as far as the overlays use it: add, replace and remove. What is not there is an error.
 */
final class JsonPatch {
  private final JsonArray operations;

  JsonPatch(JsonElement operations) {
    this.operations = operations.getAsJsonArray();
  }

  void applyTo(JsonElement document) {
    for (JsonElement operation : operations) {
      apply(operation.getAsJsonObject(), document);
    }
  }

  private static void apply(JsonObject operation, JsonElement document) {
    String path = operation.get("path").getAsString();
    int last = path.lastIndexOf('/');
    JsonElement parent = last == 0 ? document : Tree.at(document, path.substring(1, last));
    String step = path.substring(last + 1);
    boolean there = !Tree.at(parent, step).isJsonNull();
    boolean place = parent.isJsonObject() || parent.isJsonArray();
    String op = operation.get("op").getAsString();
    if (!place || !(there || op.equals("add"))) {
      throw new IllegalArgumentException("nothing at " + path);
    }
    switch (op) {
      case "add", "replace" -> put(parent, step, operation.get("value").deepCopy());
      case "remove" -> parent.getAsJsonObject().remove(step);
      default -> throw new IllegalArgumentException("not supported: " + op);
    }
  }

  private static void put(JsonElement parent, String step, JsonElement value) {
    if (parent instanceof JsonObject object) {
      object.add(step, value);
    } else if (step.equals("-")) {
      parent.getAsJsonArray().add(value);
    } else {
      parent.getAsJsonArray().set(Integer.parseInt(step), value);
    }
  }
}
