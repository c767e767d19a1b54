package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.e2e.OtlpCollector.Span;
import dev.perennial.event.Topics;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a collector gets to see of the loop, and what the loop notices of a collector. */
@ExtendWith(ServersExtension.class)
class TraceExportTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("strict/acme");
  private static final String CLIENT_SECRET = "strict-secret-5b20";

  /** To stop: what is in flight, within {@code drain}, and the last spans, 3 s. */
  private static final Duration STOPPED = Duration.ofSeconds(12);

  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          ProviderProfile.named("strict")
              .client("strict-client", CLIENT_SECRET)
              .accessTokenLife(Duration.ofSeconds(6))
              .build());

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void aRefreshIsOneTraceAcrossTheStagesAndHoldsNoSecret(Servers servers) throws Exception {
    try (OtlpCollector collector = OtlpCollector.answering();
        Installed installed = installed(servers, collector);
        Browser browser = new Browser()) {
      Node node = installed.node(EnumSet.allOf(Role.class));
      browser.open(installed.connectLink(node.adminPort(), KEY));
      String trace = traceOfARefresh(servers, installed);
      node.close(); // sends what is waiting

      List<Span> spans =
          collector.spans().stream().filter(span -> span.trace().equals(trace)).toList();
      String prefix = installed.config().topics().prefix();
      assertThat(spans)
          .extracting(Span::name)
          .contains(
              "create " + prefix + ".refresh-due",
              "process " + prefix + ".refresh-due",
              "EVALSHA begin",
              "token request",
              "EVALSHA commit",
              "create " + prefix + ".credentials-updated");
      assertHangTogether(spans);
      assertThat(named(spans, "process " + prefix + ".refresh-due").attributes())
          .containsEntry("perennial.integration", "strict")
          .containsEntry("perennial.connection", "acme")
          .containsEntry("perennial.outcome", "refreshed");
      assertThat(named(spans, "token request").attributes())
          .containsEntry("perennial.purpose", "refresh")
          .containsEntry("perennial.result", "granted");

      Set<String> secrets = new HashSet<>(simulator.ledger().allSecretsIssued());
      secrets.addAll(Set.of(CLIENT_SECRET, Installed.ADMIN_TOKEN));
      assertThat(secrets).as("a code, and two tokens each time").hasSizeGreaterThan(4);
      String bytes = collector.bytes();
      assertThat(bytes).contains("public request", "admin request", "EVALSHA put");
      assertThat(secrets).noneMatch(bytes::contains);
      assertThat(bytes).as("where a code and a state stand").doesNotContain("/callback", "state=");
    }
  }

  @Test
  void aCollectorThatNeverAnswersHoldsNobodyUp(Servers servers) throws Exception {
    try (OtlpCollector collector = OtlpCollector.hanging();
        Installed installed = installed(servers, collector);
        Browser browser = new Browser()) {
      Node node = installed.node(EnumSet.allOf(Role.class));
      browser.open(installed.connectLink(node.adminPort(), KEY));
      installed.witness().await(KEY, Change.REFRESHED, 3);
      Await.until("spans are on their way", () -> collector.requests() > 0);
      installed.over();
      long began = System.nanoTime();
      node.close();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(STOPPED);
    }
  }

  private static String traceOfARefresh(Servers servers, Installed installed) {
    Topics topics = new Topics(installed.config().topics().prefix());
    try (RawTopic updates = new RawTopic(servers, topics.credentialsUpdated())) {
      String parent =
          RawTopic.headers(
                  updates.await(
                      "a refresh", it -> RawTopic.isA(it, "perennial.credentials.refreshed")))
              .get("traceparent");
      return Objects.requireNonNull(parent).substring(3, 35);
    }
  }

  private static void assertHangTogether(List<Span> spans) {
    Set<String> ids = spans.stream().map(Span::id).collect(Collectors.toSet());
    assertThat(spans).filteredOn(span -> span.parent().isEmpty()).hasSize(1);
    assertThat(spans).allMatch(span -> span.parent().isEmpty() || ids.contains(span.parent()));
  }

  private static Span named(List<Span> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }

  private Installed installed(Servers servers, OtlpCollector collector) {
    return Installed.on(servers)
        .judgedBy(simulator)
        .definition("strict", Definitions.of(simulator.provider("strict")))
        .variable("PERENNIAL_STRICT_CLIENT_ID", "strict-client")
        .variable("PERENNIAL_STRICT_CLIENT_SECRET", CLIENT_SECRET)
        .flag("trace.otlp-endpoint", collector.url().toString())
        .build();
  }
}
