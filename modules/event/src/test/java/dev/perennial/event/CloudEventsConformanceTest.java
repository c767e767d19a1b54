package dev.perennial.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.event.Event;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.extensions.DistributedTracingExtension;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.core.message.MessageReader;
import io.cloudevents.core.provider.ExtensionProvider;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The CloudEvents SDK, which we do not ship, reads what we write. */
class CloudEventsConformanceTest {

  @ParameterizedTest
  @MethodSource("dev.perennial.event.Examples#all")
  void the_sdk_reads_every_attribute_and_the_data(Event event) {
    EventMessage message = Examples.CODEC.encode(event);
    MessageReader reader = KafkaMessageFactory.createReader(headers(message), message.value());
    assertThat(reader.getEncoding()).isEqualTo(Encoding.BINARY);

    CloudEvent read = reader.toEvent();
    assertThat(read.getSpecVersion()).isEqualTo(SpecVersion.V1);
    assertThat(read.getId()).isEqualTo(message.headers().get("ce_id"));
    assertThat(read.getType()).isEqualTo(message.headers().get("ce_type"));
    assertThat(read.getSource()).hasToString("/perennial");
    assertThat(read.getSubject()).isEqualTo("google/acme");
    assertThat(read.getTime()).isEqualTo(OffsetDateTime.parse("2026-01-01T00:45:00.123Z"));
    assertThat(read.getDataSchema())
        .hasToString("urn:perennial:event:" + message.headers().get("ce_type") + ":1");
    assertThat(read.getExtension("partitionkey")).isEqualTo("google/acme");
    assertThat(read.getDataContentType()).isEqualTo("application/json");
    assertThat(Objects.requireNonNull(read.getData()).toBytes()).isEqualTo(message.value());
  }

  /** CloudEvents' distributed tracing extension. */
  @Test
  void the_sdk_reads_the_trace() {
    String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    EventMessage message =
        Examples.CODEC
            .encode(Examples.refreshed())
            .withHeaders(Map.of("ce_traceparent", parent, "traceparent", parent));
    CloudEvent read = KafkaMessageFactory.createReader(headers(message), message.value()).toEvent();
    DistributedTracingExtension trace =
        ExtensionProvider.getInstance().parseExtension(DistributedTracingExtension.class, read);
    assertThat(Objects.requireNonNull(trace).getTraceparent()).isEqualTo(parent);
    assertThat(read.getExtensionNames()).containsExactlyInAnyOrder("partitionkey", "traceparent");
  }

  private static Headers headers(EventMessage message) {
    Headers headers = new RecordHeaders();
    message
        .headers()
        .forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
    return headers;
  }
}
