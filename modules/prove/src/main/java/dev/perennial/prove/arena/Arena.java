package dev.perennial.prove.arena;

import dev.perennial.app.config.ConfigLoader;
import dev.perennial.app.config.Installation;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.dev.worker.Addresses;
import dev.perennial.app.dev.worker.WorkerProcess;
import dev.perennial.app.dev.worker.WorkerProcess.WorkerSettings;
import dev.perennial.app.role.KeyRings;
import dev.perennial.app.role.Role;
import dev.perennial.app.role.Setup;
import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.devstack.EmbeddedRedis;
import dev.perennial.devstack.Ports;
import dev.perennial.devstack.TcpProxy;
import dev.perennial.domain.Sealer;
import dev.perennial.prove.guarantee.Timing;
import dev.perennial.prove.witness.RedisWitness;
import dev.perennial.prove.witness.TopicWitness;
import dev.perennial.sealing.KeyRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything of a run: a real Kafka and a real Redis, the workers as processes of their own, and a
 * way of its own for each worker to each server. Closing it ends all of it. Thread-safe.
 */
public final class Arena implements AutoCloseable {
  private static final String PREFIX = "prove";
  private static final int SHARDS = 8;

  /** As in production, scaled down to tokens that live for half a minute. */
  private static final Map<String, String> TIMES =
      Map.of(
          "refresh.deadline", "3s",
          "refresh.lease", "8s",
          "refresh.reemit", "10s",
          "refresh.delivery", "5s",
          "refresh.backoff-first", "200ms",
          "refresh.backoff-most", "2s",
          "scheduler.tick", "50ms",
          "drain", "8s",
          "kafka.session-timeout", "6s");

  private record Place(String name, Role role) {}

  private static final List<Place> PLACES =
      List.of(
          new Place("exchanger-1", Role.EXCHANGER),
          new Place("exchanger-2", Role.EXCHANGER),
          new Place("scheduler-1", Role.SCHEDULER),
          new Place("scheduler-2", Role.SCHEDULER),
          new Place("ingress-1", Role.INGRESS),
          new Place("credentials-1", Role.CREDENTIALS));

  private final Path directory;
  private final Providers providers;
  private final EmbeddedKafka kafka;
  private final EmbeddedRedis redis;
  private final PerennialConfig config;
  private final Sealer sealer;
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final Map<String, TcpProxy> redisLinks = new LinkedHashMap<>();
  private final Map<String, Map<URI, TcpProxy>> providerLinks = new LinkedHashMap<>();

  /**
   * Starts the servers, not the workers.
   *
   * @param directory for everything the run writes
   * @param publicPort of ingress, 0 for any
   */
  public Arena(Path directory, Providers providers, int publicPort) {
    this.directory = directory;
    this.providers = providers;
    Map<String, String> flags = flags(directory, publicPort == 0 ? Ports.free(0) : publicPort);
    writeDefinitions(directory.resolve("integrations"), providers.definitions());
    this.kafka = EmbeddedKafka.startWithPaths(directory.resolve("kafka"), 0, PLACES.size());
    try {
      this.redis = EmbeddedRedis.start(directory.resolve("redis"), 0);
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
    try {
      Map<String, String> direct = new LinkedHashMap<>(flags);
      direct.put("kafka.bootstrap-servers", kafka.bootstrapServers());
      direct.put("redis.uri", redis.uri().toString());
      this.config =
          Installation.load(
                  new ConfigLoader(directory, providers.variables()).flags(direct),
                  providers.variables())
              .config();
      this.sealer = KeyRings.of(config);
      Setup.topics(config);
      for (int i = 0; i < PLACES.size(); i++) {
        workers.add(worker(PLACES.get(i), kafka.bootstrapServers(i), flags));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static Map<String, String> flags(Path directory, int port) {
    Map<String, String> flags = new LinkedHashMap<>(TIMES);
    flags.put("kafka.replication-factor", "1");
    flags.put("topics.prefix", PREFIX);
    flags.put("redis.prefix", PREFIX);
    flags.put("shards", Integer.toString(SHARDS));
    flags.put("integrations.directory", directory.resolve("integrations").toString());
    flags.put("keys.keyset", KeyRing.generate());
    flags.put("public.host", "127.0.0.1");
    flags.put("public.port", Integer.toString(port));
    flags.put("public.url", "http://localhost:" + port);
    flags.put("admin.token", "prove-" + java.util.UUID.randomUUID());
    flags.put("exchanger.allow-private-addresses", "true");
    return flags;
  }

  private static void writeDefinitions(Path folder, Map<String, String> definitions) {
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, String> definition : definitions.entrySet()) {
        Files.writeString(folder.resolve(definition.getKey() + ".json"), definition.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private WorkerProcess worker(Place place, String kafkaServers, Map<String, String> flags) {
    TcpProxy redisLink = TcpProxy.start("127.0.0.1", redis.port());
    redisLinks.put(place.name(), redisLink);
    int adminPort = Ports.free(0);
    Map<String, String> own = new LinkedHashMap<>(flags);
    own.put("kafka.bootstrap-servers", kafkaServers);
    own.put("redis.uri", "redis://127.0.0.1:" + redisLink.port());
    own.put("admin.port", Integer.toString(adminPort));
    return new WorkerProcess(
        new WorkerSettings(
            place.name(),
            place.role(),
            own,
            providers.variables(),
            place.role() == Role.EXCHANGER ? addresses(place.name()) : Addresses.NONE,
            adminPort,
            directory,
            logs().resolve(place.name() + ".log")));
  }

  private Addresses addresses(String worker) {
    Map<String, String> origins = new LinkedHashMap<>();
    Map<URI, TcpProxy> links = new LinkedHashMap<>();
    providers
        .tokenEndpoints()
        .forEach((endpoint, kept) -> {
          TcpProxy link = TcpProxy.start(String.valueOf(kept.getHost()), kept.getPort());
          links.put(endpoint, link);
          origins.put(Addresses.origin(endpoint), "http://127.0.0.1:" + link.port());
        });
    providerLinks.put(worker, links);
    return new Addresses(origins);
  }

  /** Where each worker's log is. */
  public Path logs() {
    try {
      return Files.createDirectories(directory.resolve("logs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<WorkerProcess> workers() {
    return List.copyOf(workers);
  }

  public Providers providers() {
    return providers;
  }

  public EmbeddedKafka kafka() {
    return kafka;
  }

  public EmbeddedRedis redis() {
    return redis;
  }

  /** Over the same data; the ways to it lead to it wherever it listens now. */
  public void restartRedis() {
    redis.restart();
    redisLinks.values().forEach(link -> link.target("127.0.0.1", redis.port()));
  }

  public void flushRedis() {
    RedisWitness.flush(redis.uri());
  }

  public TcpProxy redisLink(String worker) {
    return java.util.Objects.requireNonNull(redisLinks.get(worker));
  }

  public TcpProxy kafkaLink(String worker) {
    for (int i = 0; i < PLACES.size(); i++) {
      if (PLACES.get(i).name().equals(worker)) {
        return kafka.proxy(i);
      }
    }
    throw new IllegalArgumentException(worker);
  }

  /** The ways from an exchanger to the providers. */
  public List<TcpProxy> providerLinks(String worker) {
    return List.copyOf(providerLinks.getOrDefault(worker, Map.of()).values());
  }

  /** How browsers reach ingress. */
  public URI publicUrl() {
    return config.publicListener().url();
  }

  public Timing timing() {
    return new Timing(
        config.refresh().deadline(),
        config.refresh().lease(),
        config.refresh().reemit(),
        config.refresh().delivery(),
        config.kafka().sessionTimeout());
  }

  /** Part of an access token's life after which it is due. */
  public double share() {
    return config.refresh().share() * (1 - config.refresh().jitter() / 2);
  }

  public TopicWitness topicWitness() {
    return new TopicWitness(kafka.bootstrapServers(), PREFIX, SHARDS, sealer);
  }

  public RedisWitness redisWitness() {
    return new RedisWitness(redis.uri(), PREFIX, sealer);
  }

  @Override
  public void close() {
    workers.forEach(WorkerProcess::close);
    redisLinks.values().forEach(TcpProxy::close);
    providerLinks.values().forEach(links -> links.values().forEach(TcpProxy::close));
    redis.close();
    kafka.close();
  }
}
