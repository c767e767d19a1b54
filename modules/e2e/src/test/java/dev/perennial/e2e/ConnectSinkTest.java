package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.Ports;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code docs/examples/connect} in a Kafka Connect worker of Connect's own release, with its own
 * properties files and behind {@code plugin.path}, as its README has it.
 */
@ExtendWith(ServersExtension.class)
class ConnectSinkTest {
  private static final Path EXAMPLE = Path.of("../../docs/examples/connect");
  private static final Path BUILT = EXAMPLE.resolve("target");
  private static final ConnectionKey KEY = ConnectionKey.parse("strict/acme");
  private static final int ORDERS = 20;

  @Test
  void everyRecordIsSentOnceAndInOrderWithATokenThatIsGood(Servers servers) throws Exception {
    try (ProviderSimulator simulator =
            ProviderSimulator.start(
                ProviderProfile.named("strict")
                    .client("strict-client", "strict-secret-4d1e")
                    .accessTokenLife(Duration.ofSeconds(6))
                    .build());
        Installed installed =
            Installed.on(servers)
                .judgedBy(simulator)
                .definition("strict", Definitions.of(simulator.provider("strict")))
                .variable("PERENNIAL_STRICT_CLIENT_ID", "strict-client")
                .variable("PERENNIAL_STRICT_CLIENT_SECRET", "strict-secret-4d1e")
                .build();
        Browser browser = new Browser();
        Resource resource = new Resource(simulator.provider("strict").resourceUri())) {
      Node node = installed.node(EnumSet.allOf(Role.class));
      browser.open(installed.connectLink(node.adminPort(), KEY));
      String orders = installed.config().topics().prefix() + "-orders";
      try (Orders topic = new Orders(servers, orders);
          Worker _ = worker(servers, installed, resource.uri(), orders)) {
        for (int i = 0; i < ORDERS; i++) {
          topic.place(i);
          int placed = i + 1;
          Await.until("order " + i + " arrives", () -> resource.values.size() >= placed);
          if (i % 5 == 0) { // spread over some tokens
            int refreshes = (int) installed.witness().count(KEY, Change.REFRESHED);
            installed.witness().await(KEY, Change.REFRESHED, refreshes + 1);
          }
        }
      }
      assertThat(resource.values)
          .containsExactlyElementsOf(
              IntStream.range(0, ORDERS).mapToObj(i -> "order " + i).toList());
      assertThat(resource.statuses).containsOnly(200);
      assertThat(resource.bearers.stream().distinct().count()).isGreaterThanOrEqualTo(3);
    }
  }

  /** A worker of its own: the commands of the example's README. */
  private static Worker worker(Servers servers, Installed installed, URI resource, String topic)
      throws IOException {
    Path directory = installed.directory();
    Path keys = directory.resolve("keys.json");
    Files.writeString(keys, Objects.requireNonNull(installed.flags().get("keys.keyset")));
    int port = Ports.free(0);
    Path worker =
        copy(
            "worker.properties",
            directory,
            Map.of(
                "bootstrap.servers", servers.kafka(),
                "offset.storage.file.filename", directory.resolve("offsets").toString(),
                "plugin.path", plugins(directory).toString(),
                "listeners", "http://127.0.0.1:" + port));
    Path sink =
        copy(
            "sink.properties",
            directory,
            Map.of(
                "topics", topic,
                "resource.url", resource.toString(),
                "perennial.connection", KEY.toString(),
                "perennial.bootstrap.servers", servers.kafka(),
                "perennial.topics.prefix", installed.config().topics().prefix(),
                "perennial.keys.file", keys.toString()));
    Process process =
        new ProcessBuilder(
                Path.of(String.valueOf(System.getProperty("java.home")), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                Files.readString(BUILT.resolve("worker.classpath")).strip(),
                "org.apache.kafka.connect.cli.ConnectStandalone",
                worker.toString(),
                sink.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    Await.until("the worker answers", () -> !process.isAlive() || answers(port));
    return new Worker(process);
  }

  /** A process that is asked to stop, and made to. */
  private record Worker(Process process) implements AutoCloseable {
    @Override
    public void close() {
      process.destroy();
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean answers(int port) {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** The connector with what it stands on. */
  private static Path plugins(Path directory) throws IOException {
    Path plugins = directory.resolve("plugins");
    Path connector = Files.createDirectories(plugins.resolve("perennial"));
    String built = Files.readString(BUILT.resolve("connector.classpath")).strip();
    for (String jar : built.split(File.pathSeparator, -1)) {
      Path from = Path.of(jar);
      if (Files.isDirectory(from)) {
        pack(from, connector.resolve(from.getName(from.getNameCount() - 3) + ".jar"));
      } else {
        Files.copy(from, connector.resolve(String.valueOf(from.getFileName())));
      }
    }
    pack(BUILT.resolve("classes"), connector.resolve("example-connect.jar"));
    return plugins;
  }

  private static void pack(Path classes, Path jar) {
    int failed =
        ToolProvider.findFirst("jar")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--create",
                "--file",
                jar.toString(),
                "-C",
                classes.toString(),
                ".");
    assertThat(failed).isZero();
  }

  /** The example's file with other values of keys that it has, and none that it has not. */
  private static Path copy(String name, Path to, Map<String, String> values) throws IOException {
    Properties properties = new Properties();
    try (var in = Files.newBufferedReader(EXAMPLE.resolve(name))) {
      properties.load(in);
    }
    values.forEach(properties::setProperty);
    Path copy = to.resolve(name);
    try (var out = Files.newBufferedWriter(copy)) {
      properties.store(out, null);
    }
    return copy;
  }

  /** What the connector reads. */
  private static final class Orders implements AutoCloseable {
    private final String topic;
    private final KafkaProducer<String, String> producer;

    Orders(Servers servers, String topic) throws Exception {
      this.topic = topic;
      Map<String, Object> kafka = Map.of("bootstrap.servers", servers.kafka());
      this.producer = new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer());
      try (Admin admin = Admin.create(kafka)) {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
      }
    }

    void place(int number) throws Exception {
      producer.send(new ProducerRecord<>(topic, "order " + number)).get();
    }

    @Override
    public void close() {
      producer.close();
    }
  }

  /** Asks the provider's own resource whether the token is good, and keeps what came. */
  private static final class Resource implements AutoCloseable {
    final List<String> values = new CopyOnWriteArrayList<>();
    final List<String> bearers = new CopyOnWriteArrayList<>();
    final List<Integer> statuses = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI judge;
    private final HttpServer server;

    Resource(URI judge) throws IOException {
      this.judge = judge;
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/orders", this::take);
      server.start();
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/orders");
    }

    private void take(HttpExchange exchange) throws IOException {
      String bearer =
          Objects.requireNonNull(exchange.getRequestHeaders().getFirst("Authorization"));
      String value = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      int status = ask(bearer);
      bearers.add(bearer);
      statuses.add(status);
      if (status == 200) {
        values.add(value);
      }
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    }

    private int ask(String bearer) throws IOException {
      try {
        return client
            .send(
                HttpRequest.newBuilder(judge).header("Authorization", bearer).build(),
                BodyHandlers.discarding())
            .statusCode();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    @Override
    public void close() {
      server.stop(0);
      client.close();
    }
  }
}
