package dev.perennial.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private final WorkerSettings worker = WorkerSettings.of("group", "topic", "dead");

  @ParameterizedTest
  @ValueSource(strings = {"a:1", "a.b-c:9092, d:9093", "[::1]:9092", "10.0.0.1:9092"})
  void serversAreHostsWithPorts(String servers) {
    assertThat(KafkaSettings.of(servers, "c").bootstrapServers()).isEqualTo(servers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a:", ":1", "a:1,", "a:b", "http://a:1"})
  void anythingElseIsRefused(String servers) {
    assertThatThrownBy(() -> KafkaSettings.of(servers, "c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected host:port");
  }

  @Test
  void extraPropertiesPrintTheirNamesOnly() {
    Map<String, String> extra = Map.of("sasl.jaas.config", "password=s3cret");
    assertThat(new KafkaSettings("a:1", "c", extra).toString())
        .contains("sasl.jaas.config")
        .doesNotContain("s3cret");
  }

  @Test
  void whatTheGuaranteesRestOnCannotBeOverridden() {
    Map<String, String> extra =
        Map.of("enable.auto.commit", "true", "acks", "0", "fetch.max.bytes", "77");
    KafkaSettings kafka = new KafkaSettings("a:1", "c", extra);
    ClientProperties.Membership member =
        new ClientProperties.Membership("g", "t", Duration.ofSeconds(10), GroupProtocol.CLASSIC);
    assertThat(ClientProperties.consumer(kafka, member, Duration.ofSeconds(45), "earliest"))
        .containsEntry("enable.auto.commit", false)
        .containsEntry("fetch.max.bytes", "77")
        .containsEntry("session.timeout.ms", 10_000);
    assertThat(ClientProperties.producer(kafka, Duration.ofSeconds(60), Duration.ofSeconds(5)))
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("max.in.flight.requests.per.connection", 1);
  }

  @Test
  void defaultsOfAWorker() {
    assertThat(worker.maxInFlight()).isEqualTo(2_048);
    assertThat(worker.maxOpenPerPartition()).isEqualTo(10_000);
    assertThat(worker.drain()).isEqualTo(Duration.ofSeconds(45));
    assertThat(worker.sessionTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(worker.commitEvery()).isEqualTo(Duration.ofMillis(500));
    assertThat(worker.protocol()).isEqualTo(GroupProtocol.CLASSIC);
  }

  @Test
  void whoOwnsManyPartitionsReadsLessOfEachAhead() {
    assertThat(worker.mostOpen(1)).isEqualTo(10_000);
    assertThat(worker.mostOpen(2)).isEqualTo(10_000);
    assertThat(worker.mostOpen(64)).isEqualTo(312);
    assertThat(worker.mostOpen(100_000)).isEqualTo(1);
    assertThat(worker.withLimits(7, 20).mostOpen(64)).isEqualTo(20);
  }

  @Test
  void aWorkerThatCannotWorkIsRefused() {
    assertThatThrownBy(() -> worker.withLimits(0, 1)).hasMessageContaining("max in flight: 0");
    assertThatThrownBy(() -> worker.withLimits(1, 0)).hasMessageContaining("max open");
    assertThatThrownBy(() -> worker.withTimes(Duration.ofSeconds(-1), Duration.ofSeconds(10)))
        .hasMessageContaining("drain");
    assertThatThrownBy(() -> WorkerSettings.of("g", "t", "t")).hasMessageContaining("the same");
  }
}
