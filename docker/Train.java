import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.devstack.EmbeddedRedis;
import java.io.File;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Trains the AOT cache of the image, while it is built: runs the image's own command with all roles
 * against a Kafka, a Redis and a provider of this machine, lets it connect and refresh, asks what
 * users ask, and stops it; as it ends, the JVM writes the cache. What runs often enough for the
 * compilers to look at leaves its profile in it too (JEP 515), so there are some thousand
 * refreshes. Everything secret here is made for this run and forgotten.
 *
 * <p>{@code java -cp '/src/dev-lib/*' Train.java CACHE INTEGRATIONS}, with absolute paths, since its
 * processes run elsewhere; the {@code java} of the path is a JDK 25.
 */
final class Train {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final List<String> INTEGRATIONS = List.of("orchard", "meadow", "harbor");
  private static final int CONNECTIONS = 10;
  private static final int ROUNDS = 100;
  private static final String TOKEN = "training-" + UUID.randomUUID();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  public static void main(String[] args) throws Exception {
    Path cache = Path.of(args[0]);
    Path directory = Files.createTempDirectory("train");
    try (EmbeddedKafka kafka = EmbeddedKafka.startTemporary();
        EmbeddedRedis redis = EmbeddedRedis.startTemporary()) {
      Map<String, String> environment = environment(kafka, redis, directory, Path.of(args[1]));
      Process simulator =
          start(development("simulator", "--token-life", "6s"), Map.of(), directory);
      try {
        end(start(production("keys", "new", "--out", "keys.json"), Map.of(), directory));
        end(start(production("topics"), environment, directory));
        train(start(recording(cache, "run", "all"), environment, directory));
      } finally {
        simulator.destroy();
      }
    }
    if (!Files.isRegularFile(cache)) {
      throw new IllegalStateException("no cache was written to " + cache);
    }
    System.out.println("trained: " + Files.size(cache) / 1024 / 1024 + " MiB");
    System.exit(0);
  }

  private static void train(Process perennial) throws Exception {
    try {
      await(() -> get("/health/ready").statusCode() == 200);
      for (String integration : INTEGRATIONS) {
        for (int i = 0; i < CONNECTIONS; i++) {
          connect(integration, "trained" + i);
        }
      }
      await(() -> version() > 0);
      long first = version();
      await(() -> version() > first); // refreshed by itself
      for (int round = 0; round < ROUNDS; round++) {
        refreshAll();
      }
      System.out.println("trained by refreshes: version " + version() + " of one of 30");
      for (String path :
          List.of("/v1/connections", "/v1/connections/orchard/trained0/credentials", "/metrics")) {
        get(path);
      }
    } finally {
      perennial.destroy(); // SIGTERM: drains, then the cache is written
    }
    end(perennial);
  }

  /** A round does not wait for the one before: who is still at it lets the event drop. */
  private static void refreshAll() throws Exception {
    for (String integration : INTEGRATIONS) {
      for (int i = 0; i < CONNECTIONS; i++) {
        String path = "/v1/connections/" + integration + "/trained" + i + "/refresh";
        HTTP.send(
            request("http://127.0.0.1:8081" + path).POST(BodyPublishers.noBody()).build(),
            BodyHandlers.discarding());
      }
    }
  }

  private static void connect(String integration, String connection) throws Exception {
    String body =
        "{\"integration\":\"" + integration + "\",\"connection\":\"" + connection + "\"}";
    HttpRequest ask =
        request("http://127.0.0.1:8081/v1/connect-sessions")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    String answer = HTTP.send(ask, BodyHandlers.ofString()).body();
    String link = answer.replaceFirst("(?s).*\"connect_url\"\\s*:\\s*\"([^\"]+)\".*", "$1");
    HttpRequest follow = HttpRequest.newBuilder(URI.create(link)).timeout(PATIENCE).build();
    int status = HTTP.send(follow, BodyHandlers.ofString()).statusCode();
    if (status != 200) {
      throw new IllegalStateException(integration + " was not connected: HTTP " + status);
    }
  }

  /** 0 where the connection is not there yet. */
  private static long version() throws Exception {
    String connection = get("/v1/connections/orchard/trained0").body();
    String version = connection.replaceFirst("(?s)^(.*\"version\"\\s*:\\s*(\\d+).*|.*)$", "$2");
    return version.isEmpty() ? 0 : Long.parseLong(version);
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return HTTP.send(request("http://127.0.0.1:8081" + path).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + TOKEN);
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!answers(condition)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("it did not come to that within " + PATIENCE);
      }
      Thread.sleep(250);
    }
  }

  private static boolean answers(Callable<Boolean> condition) throws Exception {
    try {
      return condition.call();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static Map<String, String> environment(
      EmbeddedKafka kafka, EmbeddedRedis redis, Path directory, Path integrations) {
    return Map.ofEntries(
        Map.entry("PERENNIAL_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers()),
        Map.entry("PERENNIAL_KAFKA_REPLICATION_FACTOR", "1"),
        Map.entry("PERENNIAL_REDIS_URI", redis.uri().toString()),
        Map.entry("PERENNIAL_SHARDS", "8"),
        Map.entry("PERENNIAL_KEYS_FILE", directory.resolve("keys.json").toString()),
        Map.entry("PERENNIAL_INTEGRATIONS_DIRECTORY", integrations.toString()),
        Map.entry("PERENNIAL_ADMIN_TOKEN", TOKEN),
        Map.entry("PERENNIAL_EXCHANGER_ALLOW_PRIVATE_ADDRESSES", "true"),
        Map.entry("PERENNIAL_REFRESH_DEADLINE", "3s"),
        Map.entry("PERENNIAL_REFRESH_LEASE", "8s"),
        Map.entry("PERENNIAL_REFRESH_REEMIT", "10s"),
        Map.entry("PERENNIAL_REFRESH_DELIVERY", "5s"),
        Map.entry("PERENNIAL_DRAIN", "5s"),
        Map.entry("PERENNIAL_ORCHARD_CLIENT_ID", "orchard-client"),
        Map.entry("PERENNIAL_ORCHARD_CLIENT_SECRET", "orchard-secret-6f2a"),
        Map.entry("PERENNIAL_MEADOW_CLIENT_ID", "meadow-client"),
        Map.entry("PERENNIAL_MEADOW_CLIENT_SECRET", "meadow-secret-6f2a"),
        Map.entry("PERENNIAL_HARBOR_CLIENT_ID", "harbor-client"),
        Map.entry("PERENNIAL_HARBOR_CLIENT_SECRET", "harbor-secret-6f2a"),
        Map.entry("PERENNIAL_GARDEN_CLIENT_ID", "garden-client"),
        Map.entry("PERENNIAL_GARDEN_CLIENT_SECRET", "garden-secret-6f2a"));
  }

  private static List<String> production(String... arguments) {
    return command(List.of("-XX:AOTMode=off"), "/perennial", arguments);
  }

  /** The image's command with one more option: it writes the cache that the image's would read. */
  private static List<String> recording(Path cache, String... arguments) throws IOException {
    Path options = Files.createTempFile("recording", "");
    Files.writeString(
        options, Files.readString(Path.of("/perennial")).replaceFirst("-XX:AOTCache=.*\n", ""));
    return command(List.of("-XX:AOTCacheOutput=" + cache), options.toString(), arguments);
  }

  private static List<String> development(String... arguments) {
    List<String> command = new ArrayList<>(List.of("java", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add("dev.perennial.app.Perennial");
    command.addAll(List.of(arguments));
    return command;
  }

  private static List<String> command(List<String> first, String options, String... arguments) {
    List<String> command = new ArrayList<>(List.of("/opt/jre/bin/java"));
    command.addAll(first);
    command.add("@" + options);
    command.addAll(List.of(arguments));
    return command;
  }

  private static Process start(
      List<String> command, Map<String, String> environment, Path directory) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(new File(directory.toString()));
    builder.environment().putAll(environment);
    return builder.inheritIO().start();
  }

  private static void end(Process process) throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("it did not end well: " + process.info());
    }
  }
}
