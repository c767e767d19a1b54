package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.Fault;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.devstack.provider.SimulatedProvider;
import dev.perennial.devstack.provider.Use;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.prove.guarantee.RefreshedBeforeExpiry;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a definition says of a provider's limits is kept by all exchangers together. */
@ExtendWith(ServersExtension.class)
class LimitsTest {
  private static final int REQUESTS = 4;
  private static final Duration WINDOW = Duration.ofSeconds(4);

  private static final List<ConnectionKey> CONNECTIONS =
      IntStream.range(0, 8).mapToObj(i -> new ConnectionKey("metered", "c" + i)).toList();

  @Test
  void twoExchangersKeepTheRateLimitOfADefinitionTogether(Servers servers) {
    try (ProviderSimulator simulator =
            ProviderSimulator.start(ProviderProfile.named("metered").build());
        Installed installed = metered(servers, simulator).build();
        Permits permits = Permits.watch(servers, "metered");
        PoolProcess one = exchanger(installed);
        PoolProcess two = exchanger(installed)) {
      Node node = installed.node(EnumSet.complementOf(EnumSet.of(Role.EXCHANGER)));
      one.says("started");
      two.says("started");
      connect(installed, node, CONNECTIONS);
      CONNECTIONS.forEach(key -> installed.witness().await(key, Change.CONNECTED, 1));
      CONNECTIONS.forEach(key -> installed.admin(node.adminPort(), "POST", key, "/refresh"));
      CONNECTIONS.forEach(key -> installed.witness().await(key, Change.REFRESHED, 1));

      assertThat(one.count("refreshed as version") + one.count("connected as version"))
          .isPositive();
      assertThat(two.count("refreshed as version") + two.count("connected as version"))
          .isPositive();
      assertKept(permits.given(), simulator.ledger().uses());
      installed.over();
      assertThat(one.stop()).isZero();
      assertThat(two.stop()).isZero();
    }
  }

  @Test
  void aCrowdWaitsForThePlacesOfItsIntegrationAndIsNotPutOff(Servers servers) {
    try (ProviderSimulator simulator =
            ProviderSimulator.start(ProviderProfile.named("crowd").build());
        Installed installed =
            with(servers, simulator, "crowd", Definitions.of(simulator.provider("crowd")))
                .flag("exchanger.per-integration", "1")
                .build()) {
      Node node = installed.node(EnumSet.allOf(Role.class));
      List<ConnectionKey> keys =
          IntStream.range(0, 8).mapToObj(i -> new ConnectionKey("crowd", "c" + i)).toList();
      connect(installed, node, keys);
      keys.forEach(key -> installed.witness().await(key, Change.CONNECTED, 1));
      simulator.provider("crowd").delay(Duration.ofMillis(200));
      keys.forEach(key -> installed.admin(node.adminPort(), "POST", key, "/refresh"));
      keys.forEach(key -> installed.witness().await(key, Change.REFRESHED, 1));
      assertThat(
              Scrape.value(
                  "perennial_postponements_total{cause=\"places\",integration=\"crowd\"}",
                  Scrape.of(node)))
          .isZero();
      installed.over();
    }
  }

  @Test
  void aProviderThatIsAwayIsLeftAloneAndComesBack(Servers servers) {
    try (ProviderSimulator simulator =
            ProviderSimulator.start(
                ProviderProfile.named("away").accessTokenLife(Duration.ofSeconds(6)).build());
        Installed installed =
            with(servers, simulator, "away", Definitions.of(simulator.provider("away")))
                .waive(RefreshedBeforeExpiry.class, "the provider is away for longer")
                .build()) {
      Node node = installed.node(EnumSet.allOf(Role.class));
      List<ConnectionKey> keys =
          IntStream.range(0, 12).mapToObj(i -> new ConnectionKey("away", "c" + i)).toList();
      connect(installed, node, keys);
      keys.forEach(key -> installed.witness().await(key, Change.REFRESHED, 1));

      SimulatedProvider provider = simulator.provider("away");
      provider.failWithProbability(1, 1, new Fault.Status(503, Map.of(), ""));
      Await.until("the outage is noticed", () -> faults(simulator) >= 10);
      long asked = faults(simulator);
      Instant end = Instant.now().plusSeconds(5);
      Await.until("five seconds of the outage", () -> Instant.now().isAfter(end));
      assertThat(faults(simulator) - asked)
          .as("requests in five seconds of an outage, of twelve connections with a backoff of 1 s")
          .isLessThan(15);
      provider.recover();
      keys.forEach(key -> installed.witness().await(key, Change.REFRESHED, 2));
      installed.over();
    }
  }

  private static long faults(ProviderSimulator simulator) {
    return simulator.ledger().uses().stream()
        .filter(use -> use.outcome() == Use.Outcome.FAULT)
        .count();
  }

  private static Installed.Builder metered(Servers servers, ProviderSimulator simulator) {
    String definition =
        Definitions.of(simulator.provider("metered"))
            .replace(
                "\"pkce\": true,",
                "\"pkce\": true, \"limits\": {\"requests\": %d, \"window\": \"%ds\", \"per\": \"integration\"},"
                    .formatted(REQUESTS, WINDOW.toSeconds()));
    return with(servers, simulator, "metered", definition);
  }

  private static Installed.Builder with(
      Servers servers, ProviderSimulator simulator, String slug, String definition) {
    String prefix = "PERENNIAL_" + slug.toUpperCase(Locale.ROOT);
    return Installed.on(servers)
        .judgedBy(simulator)
        .definition(slug, definition)
        .variable(prefix + "_CLIENT_ID", "sim-client")
        .variable(prefix + "_CLIENT_SECRET", "sim-secret");
  }

  private static PoolProcess exchanger(Installed installed) {
    return PoolProcess.start(
        installed.directory(), installed.flags(), installed.variables(), "run", "exchanger");
  }

  private static void connect(Installed installed, Node node, List<ConnectionKey> keys) {
    try (Browser browser = new Browser()) {
      for (ConnectionKey key : keys) {
        assertThat(browser.open(installed.connectLink(node.adminPort(), key)).statusCode())
            .isEqualTo(200);
      }
    }
  }

  /**
   * Requests take their time to arrive, so they may well arrive closer together than they were let
   * through: no window has too many permits, and nothing arrives without one.
   */
  private static void assertKept(List<Instant> permits, List<Use> uses) {
    assertThat(permits).hasSize(2 * CONNECTIONS.size());
    assertThat(Permits.most(permits, WINDOW)).isEqualTo(REQUESTS);
    List<Instant> arrivals = uses.stream().map(Use::at).sorted().toList();
    assertThat(arrivals).hasSameSizeAs(permits);
    for (int i = 0; i < arrivals.size(); i++) {
      assertThat(arrivals.get(i)).isAfterOrEqualTo(permits.get(i));
    }
  }
}
