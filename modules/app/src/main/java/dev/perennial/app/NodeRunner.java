package dev.perennial.app;

import dev.perennial.app.admin.ProcessMetrics;
import dev.perennial.app.cli.RoleRunner;
import dev.perennial.app.cli.Surroundings;
import dev.perennial.app.config.Installation;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.role.Interruption;
import dev.perennial.app.role.KeyRings;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.NodeOptions;
import dev.perennial.app.role.Role;
import dev.perennial.app.role.StartProblems;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.sealing.LiveKeyRing;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code perennial run}: roles in this process until it is asked to stop, then a drain. */
public final class NodeRunner implements RoleRunner {
  private static final Duration GOODBYES = Duration.ofSeconds(30);

  @Override
  public int run(Installation installation, Set<Role> roles, Surroundings surroundings) {
    if (roles.contains(Role.CREDENTIALS) && nobodyMayAsk(installation.config().adminListener())) {
      throw new StartProblems(
          List.of(
              "the credentials role serves the admin API: set admin.token"
                  + " (PERENNIAL_ADMIN_TOKEN) to 16 random characters or more, admin.api-keys, or"
                  + " admin.jwt.issuer"));
    }
    Integrations integrations =
        installation.integrations(InstantSource.system(), new SecureRandom());
    Interruption interruption = new Interruption(installation.config().drain().plus(GOODBYES));
    return interruption.guard(() -> {
      LiveKeyRing ring = KeyRings.awaited(installation.config(), interruption::await);
      if (ring == null) { // asked to stop while a KMS was waited for
        return 0;
      }
      try (ProcessMetrics metrics = new ProcessMetrics();
          Node node =
              new Node(
                  installation.config(),
                  integrations,
                  ring,
                  roles,
                  NodeOptions.PRODUCTION,
                  metrics::scrape)) {
        interruption.whenAsked(node::cancelStart);
        return serve(node, roles, interruption, surroundings.out());
      }
    });
  }

  private static int serve(Node node, Set<Role> roles, Interruption interruption, PrintWriter out) {
    String names = roles.stream().sorted().map(Role::text).collect(Collectors.joining(", "));
    out.println("perennial " + names);
    if (node.publicPort() > 0) {
      out.println("  public port " + node.publicPort());
    }
    out.println("  admin port " + node.adminPort());
    out.flush();
    if (node.run()) {
      out.println("  started");
      out.flush();
      while (!interruption.await(Duration.ofDays(1))) {
        // nobody has asked to stop yet
      }
    }
    return 0;
  }

  private static boolean nobodyMayAsk(PerennialConfig.AdminListener admin) {
    return admin.token().isEmpty() && admin.apiKeys().isEmpty() && admin.jwt().issuer().isEmpty();
  }
}
