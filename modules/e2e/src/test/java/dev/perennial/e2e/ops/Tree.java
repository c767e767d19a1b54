package dev.perennial.e2e.ops;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** YAML as a tree of JSON, and the way to a place in it. */
final class Tree {
  private static final Gson GSON = new Gson();

  private Tree() {}

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every document that is not empty; a key that stands twice is an error. */
  static List<JsonElement> documents(String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    List<JsonElement> documents = new ArrayList<>();
    for (Object document : new Yaml(new SafeConstructor(options)).loadAll(yaml)) {
      if (document != null) {
        documents.add(GSON.toJsonTree(document));
      }
    }
    return documents;
  }

  static JsonElement document(String yaml) {
    List<JsonElement> documents = documents(yaml);
    if (documents.size() != 1) {
      throw new IllegalArgumentException(documents.size() + " documents");
    }
    return documents.getFirst();
  }

  /** What stands at {@code spec/template/0/name}; JSON's null where nothing does. */
  static JsonElement at(JsonElement tree, String path) {
    JsonElement place = tree;
    for (String step : path.split("/", -1)) {
      place = child(place, step);
    }
    return place;
  }

  private static JsonElement child(JsonElement place, String step) {
    if (place instanceof JsonObject object && object.has(step)) {
      return object.get(step);
    }
    if (place instanceof JsonArray array
        && step.matches("\\d+")
        && Integer.parseInt(step) < array.size()) {
      return array.get(Integer.parseInt(step));
    }
    return JsonNull.INSTANCE;
  }

  /** The members of a list; none where there is no list. */
  static List<JsonElement> list(JsonElement tree, String path) {
    return at(tree, path) instanceof JsonArray array ? array.asList() : List.of();
  }

  static List<String> strings(JsonElement tree, String path) {
    return list(tree, path).stream().map(JsonElement::getAsString).toList();
  }

  /** The text there; empty where there is none. */
  static String string(JsonElement tree, String path) {
    JsonElement place = at(tree, path);
    return place.isJsonPrimitive() ? place.getAsString() : "";
  }

  /** An object of texts, labels for one; empty where there is none. */
  static Map<String, String> map(JsonElement tree, String path) {
    Map<String, String> map = new LinkedHashMap<>();
    if (at(tree, path) instanceof JsonObject object) {
      object.asMap().forEach((key, value) -> map.put(key, value.getAsString()));
    }
    return map;
  }
}
