package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.dev.worker.Addresses;
import dev.perennial.app.dev.worker.WorkerProcess;
import dev.perennial.app.dev.worker.WorkerProcess.WorkerSettings;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.Ports;
import dev.perennial.devstack.provider.Fault;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.devstack.provider.Use;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A worker that is asked to stop ends what it has begun, the harness's own workers too. */
@ExtendWith(ServersExtension.class)
class WorkerDrainTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("slow/acme");

  @Test
  void theAnswerToACallUnderWayIsKept(Servers servers) {
    try (ProviderSimulator simulator =
            ProviderSimulator.start(ProviderProfile.named("slow").build());
        Installed installed =
            Installed.on(servers)
                .judgedBy(simulator)
                .flag("refresh.deadline", "10s")
                .flag("refresh.lease", "30s")
                .flag("refresh.reemit", "40s")
                .flag("drain", "20s")
                .definition("slow", Definitions.of(simulator.provider("slow")))
                .variable("PERENNIAL_SLOW_CLIENT_ID", "sim-client")
                .variable("PERENNIAL_SLOW_CLIENT_SECRET", "sim-secret")
                .build();
        WorkerProcess exchanger = new WorkerProcess(exchanger(installed));
        Browser browser = new Browser()) {
      Node node = installed.node(EnumSet.complementOf(EnumSet.of(Role.EXCHANGER)));
      exchanger.start();
      assertThat(exchanger.awaitStarted(Duration.ofSeconds(30))).isTrue();
      browser.open(installed.connectLink(node.adminPort(), KEY));
      installed.witness().await(KEY, Change.CONNECTED, 1);

      simulator.provider("slow").failNext(1, new Fault.LateAnswer(Duration.ofSeconds(2)));
      installed.admin(node.adminPort(), "POST", KEY, "/refresh");
      Await.until("the provider was asked", () -> refreshes(simulator) == 1);
      assertThat(exchanger.terminate(Duration.ofSeconds(30))).as("ended well").isTrue();

      installed.witness().await(KEY, Change.REFRESHED, 1);
      installed.over();
    }
  }

  private static long refreshes(ProviderSimulator simulator) {
    return simulator.ledger().uses().stream()
        .filter(use -> use.kind() == Use.Kind.REFRESH_TOKEN)
        .count();
  }

  private static WorkerSettings exchanger(Installed installed) {
    return new WorkerSettings(
        "exchanger-1",
        Role.EXCHANGER,
        installed.flags(),
        installed.variables(),
        Addresses.NONE,
        Ports.free(0),
        installed.directory(),
        installed.directory().resolve("exchanger-1.log"));
  }
}
