package dev.perennial.e2e.ops;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Renders a kustomization, as far as ours go; a field that it does not know is an error. Where a
 * kubectl is at hand the tests compare it with the real thing.
 */
final class Kustomization {
  private static final Set<String> FIELDS =
      Set.of(
          "apiVersion",
          "kind",
          "namespace",
          "resources",
          "components",
          "images",
          "configMapGenerator",
          "patches");

  /** Marks generated objects until their names are final. */
  private static final String GENERATED = "generated";

  private static final Gson GO_LIKE = new GsonBuilder().disableHtmlEscaping().create();

  private final Path directory;
  private final JsonElement fields;
  private final List<JsonObject> objects;

  private Kustomization(Path directory, List<JsonObject> objects) {
    this.directory = directory;
    this.fields = Tree.document(Tree.text(directory.resolve("kustomization.yaml")));
    this.objects = objects;
    for (String field : fields.getAsJsonObject().keySet()) {
      if (!FIELDS.contains(field)) {
        throw new IllegalArgumentException(directory + ": cannot render " + field);
      }
    }
  }

  /** Every object, with the hashes in the names of generated ones. */
  static List<JsonObject> render(Path directory) {
    List<JsonObject> objects = new ArrayList<>();
    new Kustomization(directory, objects).accumulate();
    Map<String, String> renamed = new HashMap<>();
    for (JsonObject object : objects) {
      if (object.remove(GENERATED) != null) {
        JsonObject metadata = object.getAsJsonObject("metadata");
        String name = metadata.get("name").getAsString();
        renamed.put(name, name + "-" + hash(object));
        metadata.addProperty("name", renamed.get(name));
      }
    }
    objects.forEach(object -> rename(object, renamed));
    return objects;
  }

  private void accumulate() {
    for (String resource : Tree.strings(fields, "resources")) {
      Path path = directory.resolve(resource).normalize();
      if (path.toFile().isDirectory()) {
        new Kustomization(path, objects).accumulate();
      } else {
        Tree.documents(Tree.text(path)).forEach(each -> objects.add(each.getAsJsonObject()));
      }
    }
    for (String component : Tree.strings(fields, "components")) {
      new Kustomization(directory.resolve(component).normalize(), objects).accumulate();
    }
    Tree.list(fields, "configMapGenerator").forEach(this::generate);
    Tree.list(fields, "patches").forEach(this::patch);
    String namespace = Tree.string(fields, "namespace");
    if (!namespace.isEmpty()) {
      objects.forEach(
          object -> object.getAsJsonObject("metadata").addProperty("namespace", namespace));
    }
    Tree.list(fields, "images")
        .forEach(image -> objects.forEach(object -> setImages(object, image)));
  }

  private void generate(JsonElement generator) {
    String name = Tree.string(generator, "name");
    boolean replaces = Tree.string(generator, "behavior").equals("replace");
    boolean was =
        objects.removeIf(
            object -> object.has(GENERATED) && Tree.string(object, "metadata/name").equals(name));
    if (was != replaces) {
      throw new IllegalArgumentException(directory + ": behavior of " + name);
    }
    JsonObject data = new JsonObject();
    for (String file : Tree.strings(generator, "files")) {
      data.addProperty(
          file.substring(file.lastIndexOf('/') + 1), Tree.text(directory.resolve(file)));
    }
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", name);
    JsonObject map = new JsonObject();
    map.addProperty("apiVersion", "v1");
    map.addProperty("kind", "ConfigMap");
    map.addProperty(GENERATED, true);
    map.add("metadata", metadata);
    map.add("data", data);
    objects.add(map);
  }

  private void patch(JsonElement patch) {
    String file = Tree.string(patch, "path");
    String text = file.isEmpty() ? Tree.string(patch, "patch") : Tree.text(directory.resolve(file));
    JsonPatch operations = new JsonPatch(Tree.document(text));
    String kind = Tree.string(patch, "target/kind");
    String name = Tree.string(patch, "target/name");
    List<JsonObject> targets =
        objects.stream()
            .filter(object -> Tree.string(object, "kind").equals(kind))
            .filter(object -> name.isEmpty() || Tree.string(object, "metadata/name").matches(name))
            .toList();
    if (targets.isEmpty()) {
      throw new IllegalArgumentException(directory + ": a patch of nothing: " + kind + " " + name);
    }
    targets.forEach(operations::applyTo);
  }

  private static void setImages(JsonElement object, JsonElement image) {
    for (JsonElement container : Tree.list(object, "spec/template/spec/containers")) {
      if (Tree.string(container, "image").equals(Tree.string(image, "name"))) {
        String named = Tree.string(image, "newName") + ":" + Tree.string(image, "newTag");
        container.getAsJsonObject().addProperty("image", named);
      }
    }
  }

  private static void rename(JsonElement object, Map<String, String> renamed) {
    for (JsonElement volume : Tree.list(object, "spec/template/spec/volumes")) {
      if (Tree.at(volume, "configMap") instanceof JsonObject map) {
        String name = map.get("name").getAsString();
        map.addProperty("name", renamed.getOrDefault(name, name));
      }
    }
  }

  /** The first ten hexadecimal digits of the content's SHA-256, such that no word comes out. */
  private static String hash(JsonObject map) {
    Map<String, Object> content = new TreeMap<>();
    content.put("data", new TreeMap<>(Tree.map(map, "data")));
    content.put("kind", "ConfigMap");
    content.put("name", ""); // as kustomize has it
    String json =
        GO_LIKE
            .toJson(content)
            .replace("<", "\\u003c")
            .replace(">", "\\u003e")
            .replace("&", "\\u0026");
    return HexFormat.of()
        .formatHex(sha256(json))
        .substring(0, 10)
        .replace('0', 'g')
        .replace('1', 'h')
        .replace('3', 'k')
        .replace('a', 'm')
        .replace('e', 't');
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
