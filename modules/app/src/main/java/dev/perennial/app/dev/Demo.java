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
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final String WORKER = "demo";

  private final Path directory;
  private final PrintWriter out;
  private final Interruption interruption;
  private final Progress progress;
  private final DemoCounts counts = new DemoCounts();

  /**
   * @param directory for everything the demo writes; removed by whoever made it
   */
  Demo(Path directory, PrintWriter out, Interruption interruption) {
    this.directory = directory;
    this.out = out;
    this.interruption = interruption;
    this.progress = new Progress(out, System::nanoTime);
  }

  /**
   * @param most null = until asked to stop
   * @return exit code: 0 only where every count is right
   */
  int run(@Nullable Duration most) {
    out.println("Perennial demo: everything on this machine, with a pretend provider.");
    try (ProviderSimulator simulator = DemoProviders.start();
        LocalServers servers = LocalServers.start(directory, 0, 0, progress)) {
      if (interruption.asked()) {
        return 1; // before anything was shown
      }
      DemoProviders.writeDefinitions(directory.resolve("integrations"), simulator);
      Installation installation = installation(servers);
      PerennialConfig config = installation.config();
      Sealer sealer = KeyRings.of(config);
      progress.step("making topics", () -> Setup.topics(config));
      try (CredentialEvents _ = follow(config, sealer);
          ProcessMetrics metrics = new ProcessMetrics()) {
        return play(installation, sealer, metrics, simulator.ledger(), most);
      }
    }
  }

  private Installation installation(LocalServers servers) {
    int port = Ports.free(8080);
    Map<String, String> flags = new LinkedHashMap<>(servers.configuration());
    flags.put("integrations.directory", directory.resolve("integrations").toString());
    flags.put("keys.keyset", KeyRing.generate());
    flags.put("public.host", "127.0.0.1");
    flags.put("public.port", Integer.toString(port));
    flags.put("public.url", "http://localhost:" + port);
    flags.put("admin.port", Integer.toString(Ports.free(Math.max(8081, port + 1))));
    flags.put("exchanger.allow-private-addresses", "true");
    flags.put("refresh.deadline", "3s");
    flags.put("refresh.lease", "8s");
    flags.put("refresh.reemit", "10s");
    flags.put("refresh.delivery", "5s");
    flags.put("drain", "5s");
    flags.put("log.level", "warn"); // the events are the show
    Map<String, String> environment = DemoProviders.variables();
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

  private int play(
      Installation installation,
      Sealer sealer,
      ProcessMetrics metrics,
      Ledger ledger,
      @Nullable Duration most) {
    InstantSource clock = InstantSource.system();
    Duration ran;
    try (Node node =
        new Node(
            installation.config(),
            installation.integrations(clock, new SecureRandom()),
            sealer,
            EnumSet.allOf(Role.class),
            new NodeOptions(true, WORKER, clock),
            metrics::scrape)) {
      interruption.whenAsked(node::cancelStart);
      progress.step("starting all four roles", () -> node.run() && awaitReady(node));
      invite(installation.config().publicListener().url());
      long begin = System.nanoTime();
      connect(installation.config().publicListener().url());
      boolean _ = most == null ? waitForEnd() : interruption.await(most);
      ran = Duration.ofNanos(System.nanoTime() - begin);
    }
    return judge(ledger, ran);
  }

  private boolean awaitReady(Node node) {
    return await(node::ready);
  }

  private void invite(URI url) {
    out.println();
    out.println("  the page            " + url + "/");
    out.println("  a link to click on  " + url + "/connect/garden?connection=you");
    out.println();
    out.flush();
  }

  private void connect(URI url) {
    for (ConnectionKey key : CONNECTIONS) {
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
    long granted = DemoProviders.names().mapToLong(ledger::refreshesGranted).sum();
    boolean _ = await(() -> counts.refreshed() >= granted);
    int spentTwice = ledger.spentTwice().size();
    out.println();
    out.println(counts.summary(spentTwice));
    out.flush();
    boolean right = counts.right(CONNECTIONS, ran, granted, spentTwice);
    return right ? 0 : 1;
  }
}
