package dev.perennial.e2e;

import dev.perennial.app.config.ConfigLoader;
import dev.perennial.app.config.Installation;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.metric.ProcessMetrics;
import dev.perennial.app.role.KeyRings;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.NodeOptions;
import dev.perennial.app.role.Role;
import dev.perennial.app.role.Setup;
import dev.perennial.client.CredentialEvents;
import dev.perennial.devstack.Ports;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.event.Topics;
import dev.perennial.integration.IntegrationCatalog;
import dev.perennial.prove.guarantee.Disturbance;
import dev.perennial.prove.guarantee.Guarantee;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.LiveKeyRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An installation of its own on the shared servers: definitions, variables, topics and keys under a
 * prefix nobody else has, times in seconds, and a witness who follows the topics from the
 * beginning. Processes are added with {@link #node}.
 */
final class Installed implements AutoCloseable {
  static final String ADMIN_TOKEN = "e2e-admin-token-1c9f";
  private static final Pattern CONNECT_URL =
      Pattern.compile("\"connect_url\"\\s*:\\s*\"([^\"]+)\"");

  private final Path directory;
  private final Map<String, String> flags;
  private final Map<String, String> variables;
  private final Installation installation;
  private final LiveKeyRing sealer;
  private Sealer judge;
  private final Integrations integrations;
  private final Witness witness = new Witness();
  private final CredentialEvents events;
  private final List<Node> nodes = new ArrayList<>();
  private final List<ProcessMetrics> metrics = new ArrayList<>();
  private final Verification verification;
  private final Instant began = Instant.now();
  private @Nullable Instant over;

  private Installed(Builder from) {
    this.directory = from.directory;
    this.verification = from.verification;
    this.flags = Map.copyOf(from.flags);
    this.variables = Map.copyOf(from.variables);
    this.installation =
        Installation.load(new ConfigLoader(directory, variables).flags(flags), variables);
    this.sealer = KeyRings.of(config());
    this.judge = sealer;
    this.integrations =
        IntegrationCatalog.withAddressesReplaced(
            installation.definitions(),
            installation::value,
            InstantSource.system(),
            new SecureRandom(),
            from.address);
    Setup.topics(config());
    this.events =
        CredentialEvents.on(
                Map.of("bootstrap.servers", config().kafka().bootstrapServers()),
                new Topics(config().topics().prefix()))
            .sealer(sealer)
            .allRecords(true)
            .authorizations(true)
            .follow(witness);
  }

  static Builder on(Servers servers) {
    return new Builder(servers);
  }

  /** Collects an installation. */
  static final class Builder {
    private final Path directory = temporary();
    private final Map<String, String> flags = new LinkedHashMap<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Verification verification = new Verification();
    private UnaryOperator<URI> address = UnaryOperator.identity();

    private Builder(Servers servers) {
      int port = Ports.free(0);
      String prefix = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
      flags.put("kafka.bootstrap-servers", servers.kafka());
      flags.put("kafka.replication-factor", "1");
      flags.put("topics.prefix", prefix);
      flags.put("redis.uri", servers.redis().toString());
      flags.put("redis.prefix", prefix);
      flags.put("shards", "4");
      flags.put("integrations.directory", directory.resolve("integrations").toString());
      flags.put("keys.keyset", KeyRing.generate());
      flags.put("public.host", "127.0.0.1");
      flags.put("public.port", Integer.toString(port));
      flags.put("public.url", "http://localhost:" + port);
      flags.put("admin.port", "0");
      flags.put("admin.token", ADMIN_TOKEN);
      flags.put("exchanger.allow-private-addresses", "true");
      flags.put("refresh.deadline", "2s");
      flags.put("refresh.lease", "4s");
      flags.put("refresh.reemit", "5s");
      flags.put("refresh.delivery", "5s");
      flags.put("refresh.share", "0.25"); // long before the end, so that no busy machine is late
      flags.put("refresh.backoff-first", "200ms");
      flags.put("refresh.backoff-most", "1s");
      flags.put("scheduler.tick", "20ms");
      flags.put("drain", "5s");
    }

    Builder definition(String slug, String json) {
      try {
        Path folder = Files.createDirectories(directory.resolve("integrations"));
        Files.writeString(folder.resolve(slug + ".json"), json);
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** As the environment would have it. */
    Builder variable(String name, String value) {
      variables.put(name, value);
      return this;
    }

    Builder flag(String key, String value) {
      flags.put(key, value);
      return this;
    }

    /** What goes on where another installation ended: its prefixes, its key ring, its address. */
    Builder asBefore(Installed other) {
      Map<String, String> ours = new LinkedHashMap<>(flags);
      ours.keySet()
          .retainAll(Set.of("integrations.directory", "kafka.bootstrap-servers", "redis.uri"));
      flags.putAll(other.flags);
      flags.putAll(ours);
      return this;
    }

    /** A ring in a file, as an operator has it; others are in the environment. */
    Builder keysIn(Path file) {
      flags.remove("keys.keyset");
      return flag("keys.file", file.toString());
    }

    /** Whose ledger is asked at the end, besides the topics and Redis. */
    Builder judgedBy(ProviderSimulator simulator) {
      verification.judgedBy(simulator.ledger());
      return this;
    }

    /** A guarantee that this test breaks on purpose. */
    Builder waive(Class<? extends Guarantee> guarantee, String reason) {
      verification.waive(guarantee, reason);
      return this;
    }

    /** Where rendered URLs are led; the definitions stay as they are. */
    Builder address(UnaryOperator<URI> wanted) {
      address = wanted;
      return this;
    }

    /** Our callback URL of an integration, known before anything is started. */
    String redirectUrl(String slug) {
      return flags.get("public.url") + "/callback/" + slug;
    }

    Installed build() {
      return new Installed(this);
    }

    private static Path temporary() {
      try {
        return Files.createTempDirectory("perennial-e2e-");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  PerennialConfig config() {
    return installation.config();
  }

  /** The configuration as flags, for a process of its own. */
  Map<String, String> flags() {
    return flags;
  }

  Map<String, String> variables() {
    return variables;
  }

  /** Our callback URL of an integration. */
  String redirectUrl(String slug) {
    return flags.get("public.url") + "/callback/" + slug;
  }

  Path directory() {
    return directory;
  }

  Sealer sealer() {
    return sealer;
  }

  /** The ring as the nodes hold it. */
  LiveKeyRing ring() {
    return sealer;
  }

  /** What the topics are read with at the end, where keys were retired meanwhile. */
  void judgeWith(Sealer wanted) {
    judge = wanted;
  }

  /** Starts roles in this JVM and returns once they are ready. */
  Node node(Set<Role> roles) {
    return node(roles, sealer);
  }

  /** The same with a ring of its own. */
  Node node(Set<Role> roles, LiveKeyRing ring) {
    ProcessMetrics measured = new ProcessMetrics();
    metrics.add(measured);
    Node node =
        new Node(
            config(),
            integrations,
            ring,
            roles,
            new NodeOptions(false, "e2e", InstantSource.system()),
            measured);
    nodes.add(node);
    node.run();
    Await.until("the node is ready", node::ready);
    return node;
  }

  /** A one-time consent link, as the admin API of a node gives it. */
  URI connectLink(int adminPort, ConnectionKey key) {
    return connectLink(adminPort, key, "{}");
  }

  /**
   * @param variables of the connection, as a JSON object
   */
  URI connectLink(int adminPort, ConnectionKey key, String variables) {
    String body =
        "{\"integration\": \"%s\", \"connection\": \"%s\", \"variables\": %s}"
            .formatted(key.integration(), key.connection(), variables);
    Matcher url =
        CONNECT_URL.matcher(admin(adminPort, "POST", "/v1/connect-sessions", body).body());
    if (!url.find()) {
      throw new IllegalStateException("no connect_url for " + key);
    }
    return URI.create(String.valueOf(url.group(1)));
  }

  /** A request about a connection to the admin API, without a body. */
  HttpResponse<String> admin(int adminPort, String method, ConnectionKey key, String what) {
    String path = "/v1/connections/" + key.integration() + "/" + key.connection() + what;
    return admin(adminPort, method, path, "");
  }

  private static HttpResponse<String> admin(
      int adminPort, String method, String path, String body) {
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
            .header("Authorization", "Bearer " + ADMIN_TOKEN)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  Witness witness() {
    return witness;
  }

  /** What this test made go wrong; refreshes may be late for it. */
  void disturbed(Disturbance disturbance) {
    verification.disturbed(disturbance);
  }

  /** From now on nothing is refreshed any more, and nothing need be. */
  void over() {
    over = Instant.now();
  }

  /** Ends what runs in this JVM, and judges. */
  @Override
  public void close() {
    Instant until = over == null ? Instant.now() : over;
    nodes.forEach(Node::close);
    metrics.forEach(ProcessMetrics::close);
    events.close();
    Directories.delete(directory);
    verification.verify(config(), judge, began, until);
  }
}
