package dev.perennial.app.dev;

import dev.perennial.app.admin.ProcessMetrics;
import dev.perennial.app.cli.AdminFile;
import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.app.config.Installation;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.role.Interruption;
import dev.perennial.app.role.KeyRings;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.NodeOptions;
import dev.perennial.app.role.Role;
import dev.perennial.app.role.Setup;
import dev.perennial.devstack.Ports;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** All roles in this process, on servers of its own whose data are kept. */
final class Up {
  private static final int KAFKA = 9092;
  private static final int REDIS = 6379;

  private final PerennialCommand top;
  private final UpDirectory directory;
  private final Interruption interruption;
  private final PrintWriter out;

  Up(PerennialCommand top, Path data, Interruption interruption) {
    this.top = top;
    this.directory = new UpDirectory(data);
    this.interruption = interruption;
    this.out = top.surroundings().out();
  }

  /**
   * @return exit code
   */
  int run() {
    // Read once before anything is started, so that a mistake in a file costs no waiting.
    PerennialConfig wanted = top.installation(Map.of()).config();
    Progress progress = new Progress(out, System::nanoTime);
    out.println("Perennial up, data in " + directory.path());
    try (UpDirectory.Lock _ = directory.lock()) {
      Map<String, String> flags = secrets(wanted); // before the servers write data
      try (LocalServers servers = LocalServers.start(directory.path(), KAFKA, REDIS, progress)) {
        flags.putAll(servers.configuration());
        flags.putAll(ports(wanted));
        Installation installation = top.installation(flags);
        progress.step("checking topics", () -> Setup.topics(installation.config()));
        return serve(installation, servers);
      }
    }
  }

  /** A key ring and a token, where the user has not chosen them. */
  private Map<String, String> secrets(PerennialConfig wanted) {
    Map<String, String> flags = new LinkedHashMap<>();
    if (wanted.keys().file().isEmpty() && wanted.keys().keyset().isEmpty()) {
      flags.put("keys.file", directory.keyset().toString());
    }
    if (wanted.adminListener().token().isEmpty()) {
      flags.put("admin.token", directory.adminToken().reveal());
    }
    return flags;
  }

  /** Those that are free. */
  private static Map<String, String> ports(PerennialConfig wanted) {
    Map<String, String> flags = new LinkedHashMap<>();
    int port = Ports.free(wanted.publicListener().port());
    flags.put("public.port", Integer.toString(port));
    if (port != wanted.publicListener().port() && isOurOwn(wanted.publicListener().url())) {
      flags.put("public.url", "http://localhost:" + port);
    }
    int admin = Ports.free(wanted.adminListener().port());
    flags.put("admin.port", Integer.toString(admin == port ? Ports.free(port + 1) : admin));
    return flags;
  }

  private static boolean isOurOwn(URI url) {
    return "localhost".equals(url.getHost()) && "http".equals(url.getScheme());
  }

  private int serve(Installation installation, LocalServers servers) {
    PerennialConfig config = installation.config();
    Integrations integrations =
        installation.integrations(InstantSource.system(), new SecureRandom());
    try (ProcessMetrics metrics = new ProcessMetrics();
        Node node =
            new Node(
                config,
                integrations,
                KeyRings.of(config),
                EnumSet.allOf(Role.class),
                NodeOptions.PRODUCTION,
                metrics::scrape)) {
      interruption.whenAsked(node::cancelStart);
      URI admin = URI.create("http://127.0.0.1:" + node.adminPort());
      new AdminFile(admin, config.adminListener().token().orElseThrow(), servers.kafka())
          .write(directory.path());
      if (node.run()) {
        say(config, servers, node, integrations);
        waitForEnd();
      }
      return 0;
    } finally {
      AdminFile.delete(directory.path());
    }
  }

  private void say(
      PerennialConfig config, LocalServers servers, Node node, Integrations integrations) {
    out.println();
    out.println("  public   " + config.publicListener().url());
    out.println("  admin    http://127.0.0.1:" + node.adminPort());
    out.println("  console  http://localhost:" + node.adminPort() + "/console");
    out.println("           " + signIn(config));
    out.println("  kafka    " + servers.kafka());
    out.println("  redis    " + servers.redis());
    out.println();
    for (Integration integration : integrations.all()) {
      String redirect = config.publicListener().url() + "/callback/" + integration.slug();
      out.println("  " + integration.slug() + "  redirect URL to register: " + redirect);
    }
    out.println("  next: ./perennial connect INTEGRATION, from another terminal; Ctrl-C stops");
    out.flush();
  }

  /** A token of our own is printed nowhere; it is in the file that the command line reads. */
  private String signIn(PerennialConfig config) {
    boolean own = config.adminListener().token().equals(Optional.of(directory.adminToken()));
    return own
        ? "sign in with the token in " + AdminFile.in(directory.path())
        : "sign in with admin.token, or with an API key";
  }

  private void waitForEnd() {
    while (!interruption.await(Duration.ofDays(1))) {
      // nobody has asked to stop yet
    }
  }
}
