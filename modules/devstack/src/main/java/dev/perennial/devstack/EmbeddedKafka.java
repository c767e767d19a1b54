package dev.perennial.devstack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A real Kafka broker (KRaft, its own controller) on 127.0.0.1 in a process of its own. It ends
 * when this JVM ends, however that happens, and does not hear a terminal's Ctrl-C. Data stay in the
 * directory across restarts; the broker's log is {@code broker.log} there. Topics are not made by
 * themselves. Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int PORT_ATTEMPTS = 4;

  // The JVM leaves a signal alone that is ignored when it starts, so the broker hears neither
  // Ctrl-C nor the terminal's end; it ends by the end of its standard input.
  private static final String GUARD =
      """
      trap '' INT HUP
      echo "$$"
      exec "$@"
      """;

  private final DataDirectory data;
  private int port;
  private ServerProcess process;

  private EmbeddedKafka(DataDirectory data, int preferredPort) {
    this.data = data;
    this.port = preferredPort;
    this.process = launch();
  }

  /**
   * Starts a broker and returns when it answers.
   *
   * @param dataDir made and formatted where it does not exist
   * @param preferredPort where it is taken, the next free one; 0 for any
   * @throws ServerStartException where it does not start or does not answer within 60 s
   */
  public static EmbeddedKafka start(Path dataDir, int preferredPort) {
    return new EmbeddedKafka(DataDirectory.kept(dataDir), preferredPort);
  }

  /** Starts a broker on any port in a temporary directory that goes at {@link #close()}. */
  public static EmbeddedKafka startTemporary() {
    return new EmbeddedKafka(DataDirectory.temporary("kafka"), 0);
  }

  /** {@code 127.0.0.1:<port>}. */
  public synchronized String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  public synchronized int port() {
    return port;
  }

  /** Process id of the broker itself; another one after {@link #restart()}. */
  public synchronized long pid() {
    return process.pid();
  }

  public synchronized boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL, as a fault: returns when the process is gone. {@link #restart()} brings it back. */
  public synchronized void kill() {
    process.kill();
  }

  /** Stops it if it runs and starts it again over the same data, on the same port if it is free. */
  public synchronized void restart() {
    process.stop();
    process = launch();
  }

  /** Stops it cleanly; what was temporary is removed. Calling it again does nothing. */
  @Override
  public synchronized void close() {
    process.stop();
    data.discardIfTemporary();
  }

  private ServerProcess launch() {
    for (int attempt = 1; ; attempt++) {
      port = Ports.free(port);
      try {
        return launchOnPort();
      } catch (ServerStartException e) {
        if (!e.isAddressInUse() || attempt == PORT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private ServerProcess launchOnPort() {
    Path settings =
        new BrokerSettings(data.path(), port, controllerPort())
            .writeTo(data.file("broker.properties"));
    ServerProcess launched =
        ServerProcess.launch(
            "The Kafka broker",
            GUARD,
            command(settings),
            Map.of("CLASSPATH", Jvm.classPath()),
            data.file("broker.log"),
            START_LIMIT);
    launched.awaitLine("that it is ready", START_LIMIT);
    checkThatItAnswers(launched);
    return launched;
  }

  private int controllerPort() {
    int controller = Ports.free(0);
    return controller == port ? controllerPort() : controller;
  }

  private static List<String> command(Path settings) {
    return List.of(
        Jvm.executable().toString(),
        "-Xmx256m",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Dslf4j.provider=" + BrokerLogging.class.getName(),
        BrokerMain.class.getName(),
        settings.toString());
  }

  private void checkThatItAnswers(ServerProcess launched) {
    Map<String, Object> settings =
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + port);
    try (Admin admin = Admin.create(settings)) {
      admin.describeCluster().nodes().get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw launched.failure("did not answer on port " + port + " (" + e + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw launched.failure("was interrupted before it answered");
    }
  }
}
