package dev.perennial.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemas under {@code docs/events} say what is written, and what is written is as they say.
 */
class SchemasTest {

  @Test
  void every_event_type_has_a_schema_and_no_other() {
    List<String> known = new ArrayList<>(EventCodec.types());
    known.add(AuditCodec.TYPE);
    assertThat(Documents.types()).containsExactlyInAnyOrderElementsOf(known);
  }

  @ParameterizedTest
  @MethodSource("dev.perennial.event.EventCodec#types")
  void a_schema_is_the_one_that_events_name(String type) {
    JsonNode schema = Documents.schema(type);
    assertThat(schema.path("$id").asString()).isEqualTo(EventCodec.schemaOf(type));
    assertThat(schema.path("$schema").asString())
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
    assertThat(schema.path("title").asString()).isNotBlank();
  }

  /** So that whoever generates classes from one of them gets the same for all. */
  @ParameterizedTest
  @MethodSource("dev.perennial.event.EventCodec#types")
  void a_schema_describes_each_member_and_stays_open(String type) {
    JsonNode schema = Documents.schema(type);
    assertThat(schema.has("additionalProperties")).isFalse();
    assertThat(schema.path("properties").values())
        .isNotEmpty()
        .allSatisfy(member -> {
          assertThat(member.path("description").asString()).isNotBlank();
          assertThat(member.path("type").isMissingNode()).isFalse();
        });
    assertThat(schema.path("required").values())
        .allSatisfy(name -> assertThat(schema.path("properties").has(name.asString())).isTrue());
  }

  @ParameterizedTest
  @MethodSource("dev.perennial.event.Examples#all")
  void what_is_written_is_valid(Event event) {
    EventMessage message = Examples.CODEC.encode(event);
    assertThat(Documents.problems(type(message), data(message))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.perennial.event.Examples#all")
  void every_member_that_is_written_is_described(Event event) {
    EventMessage message = Examples.CODEC.encode(event);
    assertThat(names(Documents.schema(type(message)).path("properties")))
        .containsAll(data(message).propertyNames());
  }

  /** A description of what nobody writes any more misleads. */
  @Test
  void every_member_that_is_described_is_written_by_some_event_of_its_kind() {
    Map<String, Set<String>> written = new HashMap<>();
    EventCodec.types().forEach(type -> written.put(kind(type), new TreeSet<>()));
    for (Event event : Examples.all()) {
      EventMessage message = Examples.CODEC.encode(event);
      Objects.requireNonNull(written.get(kind(type(message))))
          .addAll(data(message).propertyNames());
    }
    assertThat(EventCodec.types())
        .allSatisfy(type ->
            assertThat(written.get(kind(type)))
                .as(type)
                .containsAll(names(Documents.schema(type).path("properties"))));
  }

  /** All changes of a credential are one kind, of which each leaves out what it has not. */
  private static String kind(String type) {
    return type.startsWith(EventCodec.CREDENTIALS) ? EventCodec.CREDENTIALS : type;
  }

  @ParameterizedTest
  @MethodSource("goldenFiles")
  void whatever_was_written_once_is_valid_still(Path file) throws IOException {
    JsonNode golden = Documents.JSON.readTree(Files.readString(file));
    String type = golden.path("headers").path("ce_type").asString();
    assertThat(String.valueOf(file.getFileName())).startsWith(type + ".v");
    assertThat(Documents.problems(type, golden.path("data"))).isEmpty();
  }

  static List<Path> goldenFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/golden"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void a_member_that_is_added_later_is_allowed() {
    EventMessage message = Examples.CODEC.encode(Examples.refreshed());
    ObjectNode data = (ObjectNode) data(message);
    data.put("added_later", 1);
    assertThat(Documents.problems(type(message), data)).isEmpty();
  }

  /** That a schema accepts what is written proves little unless it refuses what is not. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "version: 0",
        "version: \"8\"",
        "grant: 1.5",
        "status: \"polished\"",
        "status: \"deleted\"",
        "changed_at: \"yesterday\"",
        "changed_at: 1767225600",
        "sealed: \"not base64!\"",
        "integration: \"Not A Slug\"",
        "connection: \"-\"",
        "reason: \"Refused!\"",
        "scope: [\"a\"]"
      })
  void what_is_never_written_is_refused(String member) {
    String[] parts = member.split(": ", 2);
    EventMessage message = Examples.CODEC.encode(Examples.refreshed());
    ObjectNode data = (ObjectNode) data(message);
    data.set(parts[0], Documents.JSON.readTree(parts[1]));
    assertThat(Documents.problems(type(message), data)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"integration", "version", "token_gen", "grant", "status", "sealed"})
  void a_required_member_that_is_missing_is_noticed(String name) {
    EventMessage message = Examples.CODEC.encode(Examples.refreshed());
    ObjectNode data = (ObjectNode) data(message);
    data.remove(name);
    assertThat(Documents.problems(type(message), data)).isNotEmpty();
  }

  @Test
  void the_same_member_means_the_same_in_every_change_of_a_credential() {
    Map<String, JsonNode> seen = new HashMap<>();
    for (String type : EventCodec.types()) {
      if (type.startsWith(EventCodec.CREDENTIALS)) {
        for (Map.Entry<String, JsonNode> member :
            Documents.schema(type).path("properties").properties()) {
          if (!member.getKey().equals("status")) {
            JsonNode before = seen.putIfAbsent(member.getKey(), member.getValue());
            assertThat(member.getValue())
                .as(type + " " + member.getKey())
                .isEqualTo(before == null ? member.getValue() : before);
          }
        }
      }
    }
    assertThat(seen).containsKeys("sealed", "token_gen");
  }

  private static String type(EventMessage message) {
    return Objects.requireNonNull(message.headers().get("ce_type"));
  }

  private static JsonNode data(EventMessage message) {
    return Documents.JSON.readTree(Objects.requireNonNull(message.value()));
  }

  private static Collection<String> names(JsonNode object) {
    return object.propertyNames();
  }
}
