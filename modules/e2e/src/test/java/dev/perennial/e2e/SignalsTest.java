package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.metric.Metric;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.Fault;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a running loop tells of itself: every metric that there is, and where it should stand. */
@ExtendWith(ServersExtension.class)
class SignalsTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("strict/acme");

  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          ProviderProfile.named("strict")
              .client("strict-client", "strict-secret-4d1e")
              .accessTokenLife(Duration.ofSeconds(6))
              .build());

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void everyMetricIsThereAndMovesWhereItShould(Servers servers) {
    try (Installed installed = installed(servers);
        Browser browser = new Browser()) {
      Node node = installed.node(EnumSet.allOf(Role.class));
      browser.open(installed.connectLink(node.adminPort(), KEY));
      installed.witness().await(KEY, Change.REFRESHED, 2);
      simulator.provider("strict").failNext(1, Fault.status(503));
      installed.witness().await(KEY, Change.REFRESH_FAILED, 1);
      installed.witness().await(KEY, Change.REFRESHED, 4);
      List<String> lines = counted(node);
      assertThat(names(lines)).containsAll(exposed());

      at("perennial_callbacks_total{integration=\"strict\",outcome=\"accepted\"}", lines)
          .isEqualTo(1);
      at("perennial_code_exchanges_total{integration=\"strict\",outcome=\"connected\"}", lines)
          .isEqualTo(1);
      at("perennial_code_exchange_seconds_count{integration=\"strict\"}", lines).isEqualTo(1);
      at("perennial_refreshes_total{integration=\"strict\",outcome=\"refreshed\"}", lines)
          .isGreaterThanOrEqualTo(4);
      at("perennial_refreshes_total{integration=\"strict\",outcome=\"unavailable\"}", lines)
          .isGreaterThanOrEqualTo(1);
      at("perennial_token_call_seconds_count{integration=\"strict\",purpose=\"refresh\"}", lines)
          .isGreaterThanOrEqualTo(5);
      at("perennial_token_call_seconds_count{integration=\"strict\",purpose=\"code\"}", lines)
          .isEqualTo(1);
      at("perennial_time_to_expiry_seconds_count{integration=\"strict\"}", lines)
          .isGreaterThanOrEqualTo(4);
      at("perennial_token_age_seconds_count{integration=\"strict\"}", lines)
          .isGreaterThanOrEqualTo(4);
      at("perennial_token_age_seconds_max{integration=\"strict\"}", lines).isBetween(1.0, 10.0);
      at("perennial_breaker_state{integration=\"strict\",state=\"closed\"}", lines).isEqualTo(1);
      at("perennial_records_handled_total{topic=\"refresh-due\"}", lines).isGreaterThanOrEqualTo(5);
      at("perennial_dead_letters_total{topic=\"refresh-due\"}", lines).isZero();
      at("perennial_publish_seconds_count{topic=\"credentials-updated\"}", lines)
          .isGreaterThanOrEqualTo(6);
      at("perennial_publish_failures_total{topic=\"refresh-due\"}", lines).isZero();
      at("perennial_redis_seconds_count{script=\"commit\"}", lines).isGreaterThanOrEqualTo(4);
      at("perennial_shards", lines).isEqualTo(installed.config().shards());
      for (String role : List.of("scheduler", "credentials")) {
        at("perennial_shards_owned{role=\"" + role + "\"}", lines)
            .isEqualTo(installed.config().shards());
      }
      at("perennial_shards_unready", lines).isZero();
      at("perennial_connections_expected{integration=\"strict\"}", lines).isEqualTo(1);
      at("perennial_connections_due{integration=\"strict\",within=\"1h\"}", lines).isEqualTo(1);
      at(
              "perennial_admin_request_seconds_count{method=\"POST\","
                  + "route=\"/v1/connect-sessions\",status=\"2xx\"}",
              lines)
          .isEqualTo(1);
      assertThat(String.join("\n", lines)).doesNotContain("acme");
    }
  }

  /** A scrape with the last refresh in it, which is counted after it was published. */
  private static List<String> counted(Node node) {
    AtomicReference<List<String>> last = new AtomicReference<>(List.of());
    Await.until(
        "the last refresh is counted, and its connection as active again",
        () -> isCounted(last.updateAndGet(_ -> Scrape.of(node))));
    return last.get();
  }

  private static boolean isCounted(List<String> lines) {
    return Scrape.value(
                "perennial_refreshes_total{integration=\"strict\",outcome=\"refreshed\"}", lines)
            >= 4
        && Scrape.value(
                "perennial_refreshes_total{integration=\"strict\",outcome=\"unavailable\"}", lines)
            >= 1
        && Scrape.value("perennial_records_handled_total{topic=\"refresh-due\"}", lines) >= 5
        && Scrape.value("perennial_connections{integration=\"strict\",status=\"active\"}", lines)
            == 1
        && Scrape.value("perennial_connections_valid{integration=\"strict\"}", lines) == 1;
  }

  private Installed installed(Servers servers) {
    return Installed.on(servers)
        .judgedBy(simulator)
        .definition("strict", Definitions.of(simulator.provider("strict")))
        .variable("PERENNIAL_STRICT_CLIENT_ID", "strict-client")
        .variable("PERENNIAL_STRICT_CLIENT_SECRET", "strict-secret-4d1e")
        .flag("metrics.census-every", "1s")
        .build();
  }

  private static org.assertj.core.api.AbstractDoubleAssert<?> at(
      String series, List<String> lines) {
    return assertThat(Scrape.value(series, lines)).as(series);
  }

  /** Of a provider's other calls there are none: the definition has nothing to discover. */
  private static Set<String> exposed() {
    Set<String> names = new TreeSet<>();
    for (Metric metric :
        EnumSet.complementOf(EnumSet.of(Metric.PROVIDER_CALL, Metric.PROVIDER_CALL_FAILURES))) {
      names.addAll(metric.series());
    }
    return names;
  }

  private static Set<String> names(List<String> lines) {
    Set<String> names = new TreeSet<>();
    lines.stream()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> names.add(line.split("[{ ]", 2)[0]));
    return names;
  }
}
