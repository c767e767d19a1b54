package dev.perennial.e2e.ops;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.perennial.app.config.ConfigLoader;
import dev.perennial.app.config.Installation;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.e2e.ops.Cluster.Pods;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a process of ours sees in its pod: environment and files, with values in place of secrets.
 */
final class PodEnvironment {
  /** The Secrets that docs/kubernetes.md tells an operator to make, each with its keys. */
  private static final Map<String, Map<String, String>> SECRETS =
      Map.of(
          "perennial-redis",
              Map.of(
                  "uri",
                  "rediss://perennial:none@redis.example.com:6379",
                  "sentinel-username",
                  "watcher",
                  "sentinel-password",
                  "none"),
          "perennial-redis-tls", Map.of("ca.crt", "none"),
          "perennial-admin", Map.of("token", "0123456789abcdef"),
          "perennial-keys", Map.of("keys.json", "{}"),
          "perennial-variables",
              Map.of(
                  "secrets.env",
                  "PERENNIAL_GOOGLE_CLIENT_ID=id\nPERENNIAL_GOOGLE_CLIENT_SECRET=none\n"),
          "perennial-api-keys", Map.of("api-keys.json", "{}"),
          "perennial-kafka",
              Map.of(
                  "sasl.jaas.config",
                  "none",
                  "ca.crt",
                  "none",
                  "username",
                  "u",
                  "password",
                  "none"));

  private final Cluster cluster;
  private final Pods pods;
  private final Path root;
  private final Map<String, String> files = new HashMap<>();

  PodEnvironment(Cluster cluster, Pods pods, Path directory) {
    this.cluster = cluster;
    this.pods = pods;
    try {
      this.root = Files.createTempDirectory(directory, "pod");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Tree.list(pods.container(), "volumeMounts").forEach(this::mount);
  }

  /** Reads the configuration as the process does, every definition and variable with it. */
  PerennialConfig load() {
    return loadWith(Map.of());
  }

  /** The same with more in the environment. */
  PerennialConfig loadWith(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(environment());
    environment.putAll(more);
    ConfigLoader loader =
        new ConfigLoader(root, environment).file(root.resolve(configFile().substring(1)));
    if (pods.kind().equals("Job")) {
      return loader.load();
    }
    Map<String, String> moved = new LinkedHashMap<>();
    moved.put("integrations.directory", root + "/etc/perennial/integrations");
    moved.put("secrets.file", root + replacedFile());
    return Installation.load(loader.flags(moved), environment).config();
  }

  private String configFile() {
    List<String> args = Tree.strings(pods.container(), "args");
    return args.get(args.indexOf("--config") + 1);
  }

  /** Files that {@link #load} reads from elsewhere, as the configuration has them. */
  List<String> replaced() {
    return List.of(replacedFile(), configFile());
  }

  private String replacedFile() {
    JsonElement yaml = Tree.document(files.getOrDefault(configFile(), ""));
    return Tree.string(yaml, "perennial/secrets/file");
  }

  boolean isMounted(String file) {
    return files.containsKey(file);
  }

  /** Names of variables whose values stand in the manifest. */
  Set<String> literals() {
    Set<String> names = new TreeSet<>();
    for (JsonElement variable : Tree.list(pods.container(), "env")) {
      if (Tree.at(variable, "valueFrom").isJsonNull()) {
        names.add(Tree.string(variable, "name"));
      }
    }
    return names;
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    for (JsonElement variable : Tree.list(pods.container(), "env")) {
      String secret = Tree.string(variable, "valueFrom/secretKeyRef/name");
      environment.put(
          Tree.string(variable, "name"),
          secret.isEmpty()
              ? Tree.string(variable, "value")
              : value(secret, Tree.string(variable, "valueFrom/secretKeyRef/key")));
    }
    environment.computeIfPresent("PERENNIAL_REDIS_URI", (_, uri) -> redis(environment, uri));
    return environment;
  }

  /** As docs/kubernetes.md tells to name Redis for what the pods are prepared for. */
  private static String redis(Map<String, String> environment, String single) {
    if (environment.containsKey("PERENNIAL_REDIS_SENTINEL_PASSWORD")) {
      return "rediss-sentinel://perennial:none@a.redis:26379,b.redis:26379?master=perennial";
    }
    return environment.containsKey("PERENNIAL_REDIS_TLS_CA")
        ? "rediss-cluster://perennial:none@a.redis:6379,b.redis:6379"
        : single;
  }

  private static String value(String secret, String key) {
    return Optional.ofNullable(SECRETS.getOrDefault(secret, Map.of()).get(key))
        .orElseThrow(() -> new IllegalArgumentException("no Secret " + secret + " with " + key));
  }

  private void mount(JsonElement mount) {
    String name = Tree.string(mount, "name");
    JsonElement volume =
        Tree.list(pods.spec(), "volumes").stream()
            .filter(it -> Tree.string(it, "name").equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(pods + ": no volume " + name));
    boolean writable = !Tree.string(mount, "readOnly").equals("true");
    if (writable != Tree.at(volume, "emptyDir").isJsonObject()) {
      throw new IllegalArgumentException(pods + ": only scratch space is writable, not " + name);
    }
    content(volume)
        .forEach((file, text) -> write(Tree.string(mount, "mountPath") + "/" + file, text));
  }

  private Map<String, String> content(JsonElement volume) {
    String map = Tree.string(volume, "configMap/name");
    if (!map.isEmpty()) {
      JsonObject found = cluster.one("ConfigMap", map);
      return Tree.map(found, "data");
    }
    String secret = Tree.string(volume, "secret/secretName");
    if (secret.isEmpty()) {
      return Map.of();
    }
    List<JsonElement> items = Tree.list(volume, "secret/items");
    if (items.isEmpty()) {
      return Optional.ofNullable(SECRETS.get(secret))
          .orElseThrow(() -> new IllegalArgumentException("no Secret " + secret));
    }
    Map<String, String> content = new LinkedHashMap<>();
    items.forEach(
        it -> content.put(Tree.string(it, "path"), value(secret, Tree.string(it, "key"))));
    return content;
  }

  /** As a kubelet does: a hidden directory, and links to the files in it. */
  private void write(String path, String text) {
    files.put(path, text);
    try {
      Path link = root.resolve(path.substring(1));
      String name = path.substring(path.lastIndexOf('/') + 1);
      Path data = link.resolveSibling("..data");
      Files.createDirectories(data);
      Files.writeString(data.resolve(name), text);
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, Path.of("..data", name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
