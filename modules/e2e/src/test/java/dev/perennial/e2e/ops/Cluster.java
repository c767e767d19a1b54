package dev.perennial.e2e.ops;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

/** The objects of one rendering. */
record Cluster(List<JsonObject> objects) {

  /** What a Deployment or a Job makes pods from. */
  record Pods(String kind, String name, Map<String, String> labels, JsonElement spec) {
    String component() {
      return labels.getOrDefault("app.kubernetes.io/component", "");
    }

    JsonElement container() {
      List<JsonElement> containers = Tree.list(spec, "containers");
      if (containers.size() != 1) {
        throw new IllegalStateException(name + " has " + containers.size() + " containers");
      }
      return containers.getFirst();
    }

    /** A port's number by its name. */
    int port(String portName) {
      return Tree.list(container(), "ports").stream()
          .filter(port -> Tree.string(port, "name").equals(portName))
          .map(port -> Tree.at(port, "containerPort").getAsInt())
          .findFirst()
          .orElse(-1);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  List<JsonObject> all(String kind) {
    return objects.stream().filter(it -> Tree.string(it, "kind").equals(kind)).toList();
  }

  JsonObject one(String kind, String name) {
    return all(kind).stream()
        .filter(it -> Tree.string(it, "metadata/name").equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + kind + " " + name));
  }

  List<Pods> pods() {
    return objects.stream()
        .filter(it -> Tree.at(it, "spec/template").isJsonObject())
        .map(it ->
            new Pods(
                Tree.string(it, "kind"),
                Tree.string(it, "metadata/name"),
                Tree.map(it, "spec/template/metadata/labels"),
                Tree.at(it, "spec/template/spec")))
        .toList();
  }

  /** Those that run a role. */
  List<Pods> roles() {
    return pods().stream().filter(it -> it.kind().equals("Deployment")).toList();
  }

  /** Whom a label selector means. */
  List<Pods> selected(JsonElement selector) {
    return pods().stream().filter(it -> selects(selector, it.labels())).toList();
  }

  /** matchLabels and matchExpressions; an empty selector means everybody. */
  static boolean selects(JsonElement selector, Map<String, String> labels) {
    boolean equal = labels.entrySet().containsAll(Tree.map(selector, "matchLabels").entrySet());
    return equal
        && Tree.list(selector, "matchExpressions").stream()
            .allMatch(it -> {
              if (!Tree.string(it, "operator").equals("In")) {
                throw new IllegalArgumentException(it.toString());
              }
              return Tree.strings(it, "values")
                  .contains(labels.getOrDefault(Tree.string(it, "key"), ""));
            });
  }
}
