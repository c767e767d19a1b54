package dev.perennial.devstack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final List<TcpProxy> proxies = new ArrayList<>();
  private final List<Integer> proxiedPorts = new ArrayList<>();
  private int port;
  private ServerProcess process;

  private EmbeddedKafka(DataDirectory data, int preferredPort, int paths) {
    this.data = data;
    this.port = preferredPort;
    for (int i = 0; i < paths; i++) {
      proxiedPorts.add(0);
    }
    this.process = launchOrLetGo();
  }

  /**
   * Starts a broker and returns when it answers.
   *
   * @param dataDir made and formatted where it does not exist
   * @param preferredPort where it is taken, the next free one; 0 for any
   * @throws ServerStartException where it does not start or does not answer within 60 s
   */
  public static EmbeddedKafka start(Path dataDir, int preferredPort) {
    return startWithPaths(dataDir, preferredPort, 0);
  }

  /**
   * As {@link #start}, with further listeners, each behind a proxy of its own. The broker tells who
   * came through a proxy to come through the same one again, so whoever starts from {@link
   * #bootstrapServers(int)} is met by all that is done to that proxy, and nobody else is. The
   * proxies and their ports stay the same across restarts; {@link #close()} closes them.
   *
   * @param paths how many proxies, 0 or more
   * @throws ServerStartException where it does not start or does not answer within 60 s
   */
  public static EmbeddedKafka startWithPaths(Path dataDir, int preferredPort, int paths) {
    return new EmbeddedKafka(DataDirectory.kept(dataDir), preferredPort, paths);
  }

  /** Starts a broker on any port in a temporary directory that goes at {@link #close()}. */
  public static EmbeddedKafka startTemporary() {
    return new EmbeddedKafka(DataDirectory.temporary("kafka"), 0, 0);
  }

  /** {@code 127.0.0.1:<port>}. */
  public synchronized String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /**
   * {@code 127.0.0.1:<port>} of a proxy.
   *
   * @param path from 0, below the number that was asked for at the start
   */
  public String bootstrapServers(int path) {
    return "127.0.0.1:" + proxy(path).port();
  }

  /**
   * The proxy by which one may come. Its target is the broker's to set.
   *
   * @param path from 0, below the number that was asked for at the start
   */
  public synchronized TcpProxy proxy(int path) {
    return proxies.get(path);
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
    proxies.forEach(TcpProxy::close);
    data.discardIfTemporary();
  }

  private ServerProcess launchOrLetGo() {
    try {
      return launch();
    } catch (RuntimeException e) {
      proxies.forEach(TcpProxy::close);
      throw e;
    }
  }

  private ServerProcess launch() {
    for (int attempt = 1; ; attempt++) {
      Set<Integer> chosen = new HashSet<>();
      port = choose(port, chosen);
      proxiedPorts.replaceAll(before -> choose(before, chosen));
      aimProxies();
      try {
        return launchOnPorts(choose(0, chosen));
      } catch (ServerStartException e) {
        if (!e.isAddressInUse() || attempt == PORT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static int choose(int preferred, Set<Integer> chosen) {
    int found = Ports.free(preferred);
    return chosen.add(found) ? found : choose(0, chosen);
  }

  private void aimProxies() {
    for (int i = 0; i < proxiedPorts.size(); i++) {
      if (i == proxies.size()) {
        proxies.add(TcpProxy.start("127.0.0.1", proxiedPorts.get(i)));
      } else {
        proxies.get(i).target("127.0.0.1", proxiedPorts.get(i));
      }
    }
  }

  private ServerProcess launchOnPorts(int controllerPort) {
    Path settings =
        new BrokerSettings(data.path(), port, controllerPort, advertised())
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

  private Map<Integer, Integer> advertised() {
    Map<Integer, Integer> advertised = new LinkedHashMap<>();
    for (int i = 0; i < proxiedPorts.size(); i++) {
      advertised.put(proxiedPorts.get(i), proxies.get(i).port());
    }
    return advertised;
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
