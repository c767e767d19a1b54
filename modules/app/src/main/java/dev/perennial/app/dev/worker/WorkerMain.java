package dev.perennial.app.dev.worker;

import dev.perennial.app.config.ConfigLoader;
import dev.perennial.app.config.Installation;
import dev.perennial.app.log.Logging;
import dev.perennial.app.metric.ProcessMetrics;
import dev.perennial.app.role.Interruption;
import dev.perennial.app.role.KeyRings;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.NodeOptions;
import dev.perennial.app.role.Role;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.integration.IntegrationCatalog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;

/**
 * One worker of the run: roles as in production, but with a clock that can be set wrong and with
 * token endpoints led through a proxy. It ends at once when its standard input closes, so that
 * nothing outlives the run, and drains on SIGTERM as any worker does.
 *
 * <p>Arguments: roles, the worker's name, and addresses to replace ({@code host:port=host:port},
 * separated by commas, may be empty). Configuration comes from the environment. Lines on standard
 * input: {@code clock <ISO 8601 duration>}.
 */
public final class WorkerMain {
  /** Printed once the roles have begun. */
  static final String STARTED = "started";

  private static final int ORPHANED = 3;

  private WorkerMain() {}

  public static void main(String[] args) {
    Logging.install();
    ShiftedClock clock = new ShiftedClock();
    Thread.ofPlatform().daemon().name("commands").start(() -> obey(clock));
    Installation installation =
        Installation.load(
            new ConfigLoader(Path.of("").toAbsolutePath(), System.getenv()), System.getenv());
    Logging.apply(installation.config().log());
    Integrations integrations =
        IntegrationCatalog.withAddressesReplaced(
            installation.definitions(),
            installation::value,
            clock,
            new SecureRandom(),
            Addresses.parse(args[2]));
    Interruption interruption =
        new Interruption(installation.config().drain().plus(Duration.ofSeconds(10)));
    int code =
        interruption.guard(() ->
            serve(
                installation,
                integrations,
                Role.parse(args[0]),
                new NodeOptions(true, args[1], clock),
                interruption));
    System.exit(code);
  }

  private static int serve(
      Installation installation,
      Integrations integrations,
      Set<Role> roles,
      NodeOptions options,
      Interruption interruption) {
    try (ProcessMetrics metrics = new ProcessMetrics();
        Node node =
            new Node(
                installation.config(),
                integrations,
                KeyRings.of(installation.config()),
                roles,
                options,
                metrics)) {
      interruption.whenAsked(node::cancelStart);
      if (node.run()) {
        System.out.println(STARTED);
        while (!interruption.await(Duration.ofDays(1))) {
          // nobody has asked to stop yet
        }
      }
      return 0;
    }
  }

  private static void obey(ShiftedClock clock) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("clock ")) {
          clock.shift(Duration.parse(line.substring("clock ".length())));
        }
      }
    } catch (IOException e) {
      // as if it had closed
    }
    Runtime.getRuntime().halt(ORPHANED);
  }
}
