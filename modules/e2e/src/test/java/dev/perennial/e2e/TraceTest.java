package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.event.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One trace from what sets something off to the record that tells of it. */
@ExtendWith(ServersExtension.class)
class TraceTest {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);
  private static final ConnectionKey KEY = ConnectionKey.parse("strict/acme");
  private static final String CALLERS = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + CALLERS + "-00f067aa0ba902b7-01";

  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          ProviderProfile.named("strict")
              .client("strict-client", "strict-secret-4d1e")
              .accessTokenLife(Duration.ofHours(1))
              .build(),
          ProviderProfile.named("brief")
              .client("brief-client", "brief-secret-4d1e")
              .accessTokenLife(Duration.ofSeconds(6))
              .build());

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void aRefreshThatACallerAsksForIsPartOfTheCallersTrace(Servers servers) throws Exception {
    try (Installed installed = installed(servers, "strict").build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      browser.open(installed.connectLink(node.adminPort(), KEY));
      try (RawTopic updates = new RawTopic(servers, topics(installed).credentialsUpdated());
          RawTopic due = new RawTopic(servers, topics(installed).refreshDue())) {
        updates.await("the consent", record -> isA(record, "connected"));
        assertThat(refresh(node.adminPort())).isEqualTo(202);

        Map<String, String> asked = RawTopic.headers(due.await("a request", _ -> true));
        Map<String, String> done =
            RawTopic.headers(updates.await("a refresh", record -> isA(record, "refreshed")));
        assertThat(traceId(asked)).isEqualTo(CALLERS);
        assertThat(traceId(done)).isEqualTo(CALLERS);
        assertThat(List.of(PARENT, parent(asked), parent(done))).doesNotHaveDuplicates();
        assertThat(done)
            .containsEntry("ce_traceparent", parent(done))
            .containsEntry("tracestate", "vendor=1")
            .containsEntry("ce_tracestate", "vendor=1");
      }
    }
  }

  @Test
  void aCallbackBeginsATraceThatLeadsToTheCredentialWhateverTheBrowserSends(Servers servers) {
    try (Installed installed = installed(servers, "strict").build();
        Browser browser = new Browser(Map.of("traceparent", PARENT))) {
      Node node = installed.node(ALL);
      browser.open(installed.connectLink(node.adminPort(), KEY));
      try (RawTopic updates = new RawTopic(servers, topics(installed).credentialsUpdated());
          RawTopic codes = new RawTopic(servers, topics(installed).codeReceived())) {
        Map<String, String> code = RawTopic.headers(codes.await("a code", _ -> true));
        Map<String, String> connected =
            RawTopic.headers(updates.await("the consent", record -> isA(record, "connected")));
        assertThat(traceId(code)).matches("[0-9a-f]{32}").isNotEqualTo(CALLERS);
        assertThat(traceId(connected)).isEqualTo(traceId(code));
        assertThat(parent(connected)).isNotEqualTo(parent(code));
      }
    }
  }

  @Test
  void everyPlannedRefreshIsATraceOfItsOwn(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("brief/acme");
    try (Installed installed = installed(servers, "brief").build();
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      browser.open(installed.connectLink(node.adminPort(), key));
      try (RawTopic updates = new RawTopic(servers, topics(installed).credentialsUpdated());
          RawTopic due = new RawTopic(servers, topics(installed).refreshDue())) {
        List<String> refreshed =
            updates
                .until(
                    "two refreshes",
                    record -> isA(record, "refreshed") && text(record).contains("\"token_gen\":3"))
                .stream()
                .filter(record -> isA(record, "refreshed"))
                .map(record -> traceId(RawTopic.headers(record)))
                .toList();
        List<String> planned =
            due.until("their requests", record -> record.offset() >= 1).stream()
                .map(record -> traceId(RawTopic.headers(record)))
                .toList();
        assertThat(refreshed).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();
        assertThat(planned).containsAll(refreshed).doesNotHaveDuplicates();
      }
      installed.over();
    }
  }

  private static int refresh(int adminPort) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + adminPort + "/v1/connections/" + KEY + "/refresh");
      return client
          .send(
              HttpRequest.newBuilder(uri)
                  .header("Authorization", "Bearer " + Installed.ADMIN_TOKEN)
                  .header("traceparent", PARENT)
                  .header("tracestate", "vendor=1")
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              BodyHandlers.discarding())
          .statusCode();
    }
  }

  private Installed.Builder installed(Servers servers, String provider) {
    String prefix = "PERENNIAL_" + provider.toUpperCase(Locale.ROOT);
    return Installed.on(servers)
        .judgedBy(simulator)
        .definition(provider, Definitions.of(simulator.provider(provider)))
        .variable(prefix + "_CLIENT_ID", provider + "-client")
        .variable(prefix + "_CLIENT_SECRET", provider + "-secret-4d1e");
  }

  private static Topics topics(Installed installed) {
    return new Topics(installed.config().topics().prefix());
  }

  private static boolean isA(ConsumerRecord<String, byte[]> record, String change) {
    return RawTopic.isA(record, "perennial.credentials." + change);
  }

  private static String text(ConsumerRecord<String, byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  private static String parent(Map<String, String> headers) {
    return Objects.requireNonNull(headers.get("traceparent"));
  }

  private static String traceId(Map<String, String> headers) {
    return parent(headers).substring(3, 35);
  }
}
