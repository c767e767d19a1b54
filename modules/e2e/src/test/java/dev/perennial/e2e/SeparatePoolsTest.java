package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The four stages as processes of their own, scaled by consumer group. */
@ExtendWith(ServersExtension.class)
class SeparatePoolsTest {
  private static final List<ConnectionKey> CONNECTIONS =
      IntStream.range(0, 8).mapToObj(i -> new ConnectionKey("strict", "c" + i)).toList();

  @Test
  void twoExchangersShareTheWorkAndOneDrainsAndLeaves(Servers servers) {
    try (ProviderSimulator simulator =
            ProviderSimulator.start(
                ProviderProfile.named("strict").accessTokenLife(Duration.ofSeconds(8)).build());
        Installed installed =
            Installed.on(servers)
                .judgedBy(simulator)
                .definition("strict", Definitions.of(simulator.provider("strict")))
                .variable("PERENNIAL_STRICT_CLIENT_ID", "sim-client")
                .variable("PERENNIAL_STRICT_CLIENT_SECRET", "sim-secret")
                .build();
        PoolProcess credentials = run(installed, "credentials");
        PoolProcess ingress = run(installed, "ingress");
        PoolProcess scheduler = run(installed, "scheduler");
        PoolProcess one = run(installed, "exchanger");
        PoolProcess two = run(installed, "exchanger")) {
      List<PoolProcess> all = List.of(credentials, ingress, scheduler, one, two);
      all.forEach(process -> process.says("started"));
      connect(installed, credentials.port("admin"));
      awaitRefreshes(installed, 1);
      Await.until("both exchangers refresh", () -> refreshes(one) > 0 && refreshes(two) > 0);

      assertThat(one.stop()).as("a drained exchanger ends well").isZero();
      awaitRefreshes(installed, 2 + most(installed));

      for (ConnectionKey key : CONNECTIONS) {
        assertThat(installed.witness().states(key))
            .extracting(CredentialState::status)
            .containsOnly(Status.ACTIVE);
      }
      installed.over();
      List.of(scheduler, two, ingress, credentials)
          .forEach(process -> assertThat(process.stop()).isZero());
    }
  }

  private static PoolProcess run(Installed installed, String role) {
    return PoolProcess.start(
        installed.directory(), installed.flags(), installed.variables(), "run", role);
  }

  private static void connect(Installed installed, int adminPort) {
    try (Browser browser = new Browser()) {
      for (ConnectionKey key : CONNECTIONS) {
        assertThat(browser.open(installed.connectLink(adminPort, key)).statusCode()).isEqualTo(200);
      }
    }
  }

  private static void awaitRefreshes(Installed installed, long times) {
    CONNECTIONS.forEach(key -> installed.witness().await(key, Change.REFRESHED, (int) times));
  }

  private static long most(Installed installed) {
    return CONNECTIONS.stream()
        .mapToLong(key -> installed.witness().count(key, Change.REFRESHED))
        .max()
        .orElseThrow();
  }

  private static long refreshes(PoolProcess exchanger) {
    return exchanger.count("refreshed as version");
  }
}
