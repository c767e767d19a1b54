package dev.perennial.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.event.AuditEvent;
import dev.perennial.domain.event.AuditEvent.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The audit event keeps the promises that {@link GoldenFilesTest} and the others hold. */
class AuditCodecTest {
  private static final AuditCodec CODEC = new AuditCodec(Topics.DEFAULT, "/perennial");

  private static final AuditEvent WHOLE =
      new AuditEvent(
          "d7b2f0c1a4e84f6a9c0b5d3e2f1a0b9c",
          Instant.parse("2026-01-01T00:45:00.123Z"),
          "key k1a2b3 (ci)",
          "k1a2b3",
          "connection.delete",
          "google/acme",
          1,
          "192.0.2.7",
          Outcome.DENIED,
          "forbidden",
          4,
          "4bf92f3577b34da6a3ce929d0e0e4736");

  private static final AuditEvent BARE =
      new AuditEvent(
          "a1",
          Instant.parse("2026-01-01T00:45:00Z"),
          "cli root",
          null,
          "keys.rotate",
          "",
          1,
          null,
          Outcome.ALLOWED,
          null,
          0,
          null);

  @Test
  void it_is_written_and_read_as_its_golden_file_says() throws Exception {
    EventMessage written = CODEC.encode(WHOLE);
    EventMessage golden = golden();

    assertThat(written.topic()).isEqualTo(golden.topic());
    assertThat(written.key()).isEqualTo(golden.key());
    assertThat(written.headers()).isEqualTo(golden.headers());
    assertThat(text(written)).isEqualTo(text(golden));
    assertThat(CODEC.decode(golden)).isEqualTo(WHOLE);
  }

  @Test
  void what_is_not_there_is_left_out_and_read_as_that() {
    EventMessage written = CODEC.encode(BARE);

    assertThat(written.key()).isEqualTo("keys.rotate");
    assertThat(text(written))
        .isEqualTo(
            "{\"at\":\"2026-01-01T00:45:00Z\",\"actor\":\"cli root\",\"action\":\"keys.rotate\","
                + "\"count\":1,\"outcome\":\"allowed\"}");
    assertThat(CODEC.decode(written)).isEqualTo(BARE);
  }

  @Test
  void the_line_of_the_log_says_the_same_and_its_id() {
    JsonNode line = Documents.JSON.readTree(AuditCodec.line(WHOLE));
    ObjectNode data = (ObjectNode) Documents.JSON.readTree(text(CODEC.encode(WHOLE)));

    assertThat(line.path("id").asString()).isEqualTo(WHOLE.id());
    assertThat(((ObjectNode) line).without("id")).isEqualTo(data);
    assertThat(AuditCodec.line(WHOLE)).doesNotContain("\n");
  }

  @Test
  void it_is_as_its_schema_says_and_no_member_is_undescribed() {
    JsonNode properties = Documents.schema(AuditCodec.TYPE).path("properties");
    for (AuditEvent event : List.of(WHOLE, BARE)) {
      JsonNode data = Documents.JSON.readTree(text(CODEC.encode(event)));
      assertThat(Documents.problems(AuditCodec.TYPE, data)).isEmpty();
    }
    assertThat(Documents.JSON.readTree(text(CODEC.encode(WHOLE))).propertyNames())
        .containsExactlyInAnyOrderElementsOf(properties.propertyNames());
    assertThat(properties.values())
        .allSatisfy(it -> assertThat(it.path("description").asString()).isNotBlank());
    assertThat(Documents.schema(AuditCodec.TYPE).path("$id").asString())
        .isEqualTo(EventCodec.schemaOf(AuditCodec.TYPE));
  }

  @Test
  void its_headers_and_its_key_are_as_described() {
    JsonNode document = Documents.asyncApi();
    JsonNode message = document.path("components").path("messages").path(AuditCodec.TYPE);
    ObjectNode headers = (ObjectNode) message.path("headers").deepCopy();
    headers.set("components", document.path("components"));
    JsonNode key = message.path("bindings").path("kafka").path("key");
    for (AuditEvent event : List.of(WHOLE, BARE)) {
      EventMessage written = CODEC.encode(event);
      assertThat(Documents.problems(headers, Documents.JSON.valueToTree(written.headers())))
          .isEmpty();
      assertThat(Documents.problems(key, Documents.JSON.valueToTree(written.key()))).isEmpty();
    }
    assertThat(message.path("payload").path("$ref").asString())
        .isEqualTo("./events/" + AuditCodec.TYPE + ".schema.json");
  }

  @Test
  void another_event_is_none() {
    EventMessage other = Examples.CODEC.encode(Examples.refreshed());
    assertThatThrownBy(() -> CODEC.decode(other)).isInstanceOf(UnreadableEventException.class);
    EventMessage wrong =
        new EventMessage(
            "perennial.audit",
            "a",
            Map.of("ce_type", AuditCodec.TYPE),
            "{\"outcome\":\"maybe\"}".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> CODEC.decode(wrong)).isInstanceOf(UnreadableEventException.class);
  }

  private static String text(EventMessage message) {
    return new String(Objects.requireNonNull(message.value()), StandardCharsets.UTF_8);
  }

  private static EventMessage golden() throws IOException, MalformedJsonException {
    String name = "/golden/" + AuditCodec.TYPE + ".v1.json";
    try (InputStream file = AuditCodecTest.class.getResourceAsStream(name)) {
      Members golden = new Members(JsonObjects.read(Objects.requireNonNull(file).readAllBytes()));
      return new EventMessage(
          golden.text("topic"),
          golden.text("key"),
          new TreeMap<>(golden.texts("headers")),
          JsonObjects.write(golden.object("data")));
    }
  }
}
