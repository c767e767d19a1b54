package dev.perennial.app.dev;

import dev.perennial.app.admin.ProcessMetrics;
import dev.perennial.app.config.ConfigLoader;
import dev.perennial.app.config.Installation;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.log.Logging;
import dev.perennial.app.role.Interruption;
import dev.perennial.app.role.KeyRings;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.NodeOptions;
import dev.perennial.app.role.Role;
import dev.perennial.app.role.Setup;
import dev.perennial.client.CredentialEvents;
import dev.perennial.devstack.Ports;
import dev.perennial.devstack.provider.Ledger;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealer;
import dev.perennial.event.Topics;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.LiveKeyRing;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The whole loop on this machine: a real Kafka, a real Redis, a pretend provider, every role, three
 * connections made through the real ingress, and each event as it comes.
 */
final class Demo {
  private static final List<ConnectionKey> CONNECTIONS =
      List.of(
          new ConnectionKey("orchard", "anna"),
          new ConnectionKey("meadow", "ben"),
          new ConnectionKey("harbor", "cleo"));

  /** Times that fit tokens of seconds. */
  private static final Map<String, String> TIMES =
      Map.of(
          "refresh.deadline", "3s",
          "refresh.lease", "8s",
          "refresh.reemit", "10s",
          "refresh.delivery", "5s",
          "drain", "5s");

  /** So that another worker has taken over, and was answered, before a token of 30 s ends. */
  private static final Map<String, String> TIMES_OF_RESTARTS =
      Map.of(
          "refresh.lease", "5s",
          "refresh.reemit", "7s",
          "refresh.share", "0.5",
          "kafka.session-timeout", "6s");

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final String WORKER = "demo";

  private final DemoSettings settings;
  private final Path directory;
  private final PrintWriter out;
  private final Interruption interruption;
  private final Progress progress;
  private final DemoProviders providers;
  private final List<ConnectionKey> connections;
  private final DemoCounts counts = new DemoCounts();

  /**
   * @param directory for everything the demo writes; removed by whoever made it
   */
  Demo(DemoSettings settings, Path directory, PrintWriter out, Interruption interruption) {
    this.settings = settings;
    this.directory = directory;
    this.out = out;
    this.interruption = interruption;
    this.progress = new Progress(out, System::nanoTime);
    this.providers = new DemoProviders(settings.tokenLife());
    this.connections =
        CONNECTIONS.stream()
            .filter(key -> !(settings.kill() && key.integration().equals(DemoProviders.STRICT)))
            .toList();
  }

  /**
   * @param most null = until asked to stop
   * @return exit code: 0 only where every count is right
   */
  int run(@Nullable Duration most) {
    out.println("Perennial demo: everything on this machine, with a pretend provider.");
    try (ProviderSimulator simulator = providers.start();
        LocalServers servers = LocalServers.start(directory, 0, 0, progress)) {
      if (interruption.asked()) {
        return 1; // before anything was shown
      }
      providers.writeDefinitions(directory.resolve("integrations"), simulator);
      Map<String, String> flags = flags(servers);
      PerennialConfig config = installation(flags).config();
      LiveKeyRing sealer = KeyRings.of(config);
      progress.step("making topics", () -> Setup.topics(config));
      try (CredentialEvents _ = follow(config, sealer)) {
        Duration ran = play(flags, sealer, simulator, most);
        return judge(simulator.ledger(), ran);
      }
    }
  }

  private Map<String, String> flags(LocalServers servers) {
    int port = Ports.free(8080);
    Map<String, String> flags = new LinkedHashMap<>(servers.configuration());
    flags.putAll(TIMES);
    if (settings.restart() != null) {
      flags.putAll(TIMES_OF_RESTARTS);
    }
    flags.put("integrations.directory", directory.resolve("integrations").toString());
    flags.put("keys.file", keyRing().toString());
    flags.put("public.host", "127.0.0.1");
    flags.put("public.port", Integer.toString(port));
    flags.put("public.url", "http://localhost:" + port);
    flags.put("admin.port", Integer.toString(Ports.free(Math.max(8081, port + 1))));
    flags.put("admin.token", "demo-" + UUID.randomUUID());
    flags.put("exchanger.allow-private-addresses", "true");
    flags.put("log.level", "warn"); // the events are the show
    return flags;
  }

  private Path keyRing() {
    try {
      return Files.writeString(directory.resolve("keys.json"), KeyRing.generate());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Installation installation(Map<String, String> flags) {
    Map<String, String> environment = providers.variables();
    Installation installation =
        Installation.load(new ConfigLoader(directory, environment).flags(flags), environment);
    Logging.apply(installation.config().log());
    return installation;
  }

  private CredentialEvents follow(PerennialConfig config, Sealer sealer) {
    Map<String, Object> kafka = Map.of("bootstrap.servers", config.kafka().bootstrapServers());
    return CredentialEvents.on(kafka, new Topics(config.topics().prefix()))
        .sealer(sealer)
        .authorizations(true)
        .follow(new EventLines(out, InstantSource.system(), counts));
  }

  /** Returns how long the connections had, once the roles have drained. */
  private Duration play(
      Map<String, String> flags,
      LiveKeyRing sealer,
      ProviderSimulator simulator,
      @Nullable Duration most) {
    boolean apart = settings.restart() != null;
    Map<String, String> own = new LinkedHashMap<>(flags);
    if (apart) {
      own.put("admin.port", "0"); // the workers' is the one to know
    }
    Installation installation = installation(own);
    InstantSource clock = InstantSource.system();
    try (ProcessMetrics metrics = new ProcessMetrics();
        Node node =
            new Node(
                installation.config(),
                installation.integrations(clock, new SecureRandom()),
                sealer,
                apart ? EnumSet.of(Role.INGRESS) : EnumSet.allOf(Role.class),
                new NodeOptions(true, WORKER, clock),
                metrics::scrape);
        DemoWorkers workers =
            new DemoWorkers(apart, directory, flags, providers.variables(), out, interruption)) {
      interruption.whenAsked(node::cancelStart);
      progress.step(
          "starting all four roles",
          () -> {
            workers.awaitReady();
            return node.run() && await(node::ready);
          });
      URI url = installation.config().publicListener().url();
      invite(url, flags, simulator);
      long begin = System.nanoTime();
      connect(url);
      if (settings.restart() != null) {
        workers.restart(settings.restart(), settings.kill());
      }
      boolean _ = most == null ? waitForEnd() : interruption.await(most);
      return Duration.ofNanos(System.nanoTime() - begin);
    }
  }

  private void invite(URI url, Map<String, String> flags, ProviderSimulator simulator) {
    ConnectionKey key = connections.getFirst();
    URI resource = simulator.provider(key.integration()).resourceUri();
    out.println();
    out.println("  the page            " + url + "/");
    out.println("  a link to click on  " + url + "/connect/garden?connection=you");
    out.println("  the admin API       http://127.0.0.1:" + flags.get("admin.port"));
    out.println("    its key           " + flags.get("admin.token"));
    out.println("  a pipeline          java -cp 'modules/prove/target/lib/*' \\");
    out.println("    docs/examples/Pipeline.java " + flags.get("kafka.bootstrap-servers") + " \\");
    out.println("    " + flags.get("keys.file") + " " + key + " " + resource);
    out.println();
    out.flush();
  }

  private void connect(URI url) {
    for (ConnectionKey key : connections) {
      if (interruption.asked()) {
        return;
      }
      new DemoBrowser()
          .follow(url.resolve("/connect/" + key.integration() + "?connection=" + key.connection()));
    }
  }

  private boolean waitForEnd() {
    while (!interruption.await(Duration.ofDays(1))) {
      // nobody has asked to stop yet
    }
    return true;
  }

  /** Looks until it is so, for a while; what is not so by then is judged as it is. */
  private boolean await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return condition.getAsBoolean();
  }

  /** The roles have drained; what the provider granted must now be on the topic. */
  private int judge(Ledger ledger, Duration ran) {
    long granted = providers.names().mapToLong(ledger::refreshesGranted).sum();
    boolean _ = await(() -> counts.refreshed() >= granted);
    int spentTwice = ledger.spentTwice().size();
    out.println();
    out.println(counts.summary(spentTwice));
    out.flush();
    long turns = ran.dividedBy(settings.oneRefresh());
    boolean right = counts.right(connections, turns, granted, settings.kill(), spentTwice);
    return right ? 0 : 1;
  }
}
