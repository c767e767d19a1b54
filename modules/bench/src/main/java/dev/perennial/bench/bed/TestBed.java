package dev.perennial.bench.bed;

import dev.perennial.app.config.ConfigLoader;
import dev.perennial.app.config.Installation;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.dev.worker.WorkerMain;
import dev.perennial.app.role.KeyRings;
import dev.perennial.app.role.Setup;
import dev.perennial.bench.bed.Child.Launch;
import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.devstack.EmbeddedRedis;
import dev.perennial.devstack.Ports;
import dev.perennial.domain.Sealer;
import dev.perennial.sealing.KeyRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Everything that is measured: a real Kafka and a real Redis as the development stack starts them,
 * the token server, and workers. Closing it ends all of it. Thread-safe.
 */
public final class TestBed implements AutoCloseable {
  /** The one integration. */
  public static final String INTEGRATION = "bench";

  /** The same with a limit on its requests. */
  public static final String LIMITED = "limited";

  /** Requests a second that the limited one takes. */
  public static final int LIMIT = 500;

  public static final String ADMIN_TOKEN = "bench-" + UUID.randomUUID();

  /** As the development stack has them: a small broker. */
  public static final int FEW_SHARDS = 8;

  /** As an installation has them unless it chooses otherwise. */
  public static final int SHARDS = 64;

  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final Map<String, String> VARIABLES =
      Map.of(
          "PERENNIAL_BENCH_CLIENT_ID", "bench-client",
          "PERENNIAL_BENCH_CLIENT_SECRET", "bench-secret-2f6b9c14",
          "PERENNIAL_LIMITED_CLIENT_ID", "bench-client",
          "PERENNIAL_LIMITED_CLIENT_SECRET", "bench-secret-2f6b9c14");

  private final Path directory;
  private final Equipment equipment;
  private final Map<String, String> flags = new LinkedHashMap<>();
  private final AtomicInteger workers = new AtomicInteger();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final EmbeddedKafka kafka;
  private final EmbeddedRedis redis;
  private final TokenServer tokens;
  private final Installation installation;
  private final Sealer sealer;

  /**
   * Starts the servers, not the workers.
   *
   * @param directory for everything they write
   * @param shards of the installation
   * @param connections the most that the token server is to know
   */
  public TestBed(Path directory, int shards, int connections, Equipment equipment) {
    this.directory = directory;
    this.equipment = equipment;
    try {
      Files.createDirectories(directory);
      this.kafka = kept(EmbeddedKafka.start(directory.resolve("kafka"), 0));
      this.redis =
          kept(EmbeddedRedis.start(directory.resolve("redis"), equipment.redisServer(), List.of()));
      this.tokens = kept(TokenServer.start(directory, connections));
      configure(shards);
      writeDefinition(INTEGRATION, tokens.tokenUri(), "");
      writeDefinition(
          LIMITED,
          tokens.limitedUri(),
          ", \"limits\": {\"requests\": "
              + LIMIT
              + ", \"window\": \"1s\", \"per\": \"integration\"}");
      this.installation =
          Installation.load(new ConfigLoader(directory, VARIABLES).flags(flags), VARIABLES);
      this.sealer = KeyRings.of(installation.config());
      Setup.topics(installation.config());
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T kept(T started) {
    synchronized (open) {
      open.add(started);
    }
    return started;
  }

  private void configure(int shards) {
    flags.put("kafka.bootstrap-servers", kafka.bootstrapServers());
    flags.put("kafka.replication-factor", "1");
    flags.put("redis.uri", redis.uri().toString());
    flags.put("shards", Integer.toString(shards));
    flags.put("integrations.directory", directory.resolve("integrations").toString());
    flags.put("keys.keyset", KeyRing.generate());
    flags.put("public.host", "127.0.0.1");
    flags.put("public.port", "0");
    flags.put("admin.port", "0");
    flags.put("admin.token", ADMIN_TOKEN);
    flags.put("exchanger.allow-private-addresses", "true");
    flags.put("drain", "31s");
  }

  private void writeDefinition(String name, URI uri, String more) {
    String client =
        "\"client_id\": \"{{ CLIENT_ID }}\", \"client_secret\": \"{{ CLIENT_SECRET }}\"";
    String definition =
        """
        {"oauth": {
          "authenticate_url": "%1$s?client_id={{CLIENT_ID}}&redirect_uri={{redirect_url}}",
          "access_token": {"url": "%1$s", "data": {%2$s,
            "grant_type": "authorization_code", "redirect_uri": "{{ redirect_url }}"}},
          "refresh": {"url": "%1$s", "data": {%2$s,
            "grant_type": "refresh_token", "refresh_token": "{{ oauth.refresh_token }}"}}%3$s
        }}
        """
            .formatted(uri, client, more);
    try {
      Path folder = Files.createDirectories(directory.resolve("integrations"));
      Files.writeString(folder.resolve(name + ".json"), definition);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public PerennialConfig config() {
    return installation.config();
  }

  Installation installation() {
    return installation;
  }

  Sealer sealer() {
    return sealer;
  }

  public TokenServer tokens() {
    return tokens;
  }

  public EmbeddedRedis redis() {
    return redis;
  }

  /** Where the broker keeps the topics. */
  public Path kafkaLogs() {
    return directory.resolve("kafka").resolve("log");
  }

  public EmbeddedKafka kafka() {
    return kafka;
  }

  /**
   * Starts a worker and returns once it says that it is ready.
   *
   * @param roles as {@code perennial run} takes them
   * @param own configuration beside that of all
   */
  public Worker worker(String roles, Map<String, String> own) {
    return worker(roles, own, List.of());
  }

  /** The same with more options for its JVM. */
  public Worker worker(String roles, Map<String, String> own, List<String> jvm) {
    String name = roles.replace(',', '-') + "-" + workers.incrementAndGet();
    int port = Ports.free(0);
    Child child = Child.start(launch(roles, name, environment(own, port), options(jvm)));
    Worker worker = kept(new Worker(child, port));
    child.await("started");
    awaitReady(child, port, name);
    return worker;
  }

  private Map<String, String> environment(Map<String, String> own, int adminPort) {
    Map<String, String> all = new LinkedHashMap<>(flags);
    all.putAll(own);
    all.put("admin.port", Integer.toString(adminPort));
    Map<String, String> environment = new LinkedHashMap<>(VARIABLES);
    all.forEach((key, value) -> environment.put(environmentName(key), value));
    return environment;
  }

  private Launch launch(
      String roles, String name, Map<String, String> environment, List<String> jvm) {
    AotCache cache = equipment.cache();
    return new Launch(
        "the worker " + name,
        WorkerMain.class,
        jvm,
        List.of(roles, name, ""),
        environment,
        directory,
        directory.resolve(name + ".log"),
        cache == null ? null : cache.classPath());
  }

  private List<String> options(List<String> jvm) {
    List<String> more = new ArrayList<>();
    AotCache cache = equipment.cache();
    if (cache != null) {
      more.addAll(cache.options());
    }
    more.addAll(equipment.workerOptions());
    more.addAll(jvm);
    return Production.options(more);
  }

  private static String environmentName(String key) {
    return "PERENNIAL_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static void awaitReady(Child child, int port, String name) {
    long end = System.nanoTime() + START.toNanos();
    while (!ready(port)) {
      if (!child.isAlive() || System.nanoTime() > end) {
        throw new BedException("the worker " + name + " did not get ready");
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  private static boolean ready(int port) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BedException("interrupted while a worker starts");
    }
  }

  /** What was started last ends first. */
  @Override
  public void close() {
    synchronized (open) {
      for (AutoCloseable one : open.reversed()) {
        close(one);
      }
      open.clear();
    }
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      // the others are to end all the same
    }
  }
}
