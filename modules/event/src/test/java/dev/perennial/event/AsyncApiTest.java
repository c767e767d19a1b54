package dev.perennial.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.event.Event;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code docs/asyncapi.json} lists the topics and events that there are, as they are. */
class AsyncApiTest {
  private static final Set<String> WITHOUT_DATA = Set.of("tombstone", "mark", "deadLetter");

  private final JsonNode document = Documents.asyncApi();

  @Test
  void it_is_asyncapi_3() {
    assertThat(document.path("asyncapi").asString()).isEqualTo("3.0.0");
  }

  @Test
  void its_channels_are_the_topics_with_their_settings() {
    Map<String, Map<String, String>> described = new TreeMap<>();
    for (JsonNode channel : document.path("channels").values()) {
      described.put(address(channel), settings(channel));
      assertThat(channel.path("bindings").path("kafka").path("topic").asString())
          .isEqualTo(address(channel));
    }
    Map<String, Map<String, String>> real =
        Topics.DEFAULT.all(1).stream()
            .collect(Collectors.toMap(TopicSpec::name, TopicSpec::config));
    assertThat(described).containsExactlyInAnyOrderEntriesOf(real);
  }

  @Test
  void only_what_pipelines_may_read_is_not_internal() {
    Set<String> open = new TreeSet<>();
    for (JsonNode channel : document.path("channels").values()) {
      if (!channel.has("tags")) {
        open.add(address(channel));
      }
    }
    assertThat(open)
        .containsExactlyInAnyOrder(
            Topics.DEFAULT.credentialsUpdated(), Topics.DEFAULT.authorizations());
  }

  @Test
  void its_messages_are_the_event_types_each_on_its_topic() {
    Map<String, String> described = new HashMap<>();
    for (JsonNode channel : document.path("channels").values()) {
      for (Map.Entry<String, JsonNode> message : channel.path("messages").properties()) {
        assertThat(message.getValue().path("$ref").asString())
            .isEqualTo("#/components/messages/" + message.getKey());
        described.put(message.getKey(), address(channel));
      }
    }
    assertThat(document.path("components").path("messages").propertyNames())
        .containsExactlyInAnyOrderElementsOf(described.keySet());
    described.keySet().removeAll(WITHOUT_DATA);
    Map<String, String> real = new HashMap<>();
    for (Event event : Examples.all()) {
      EventMessage message = Examples.CODEC.encode(event);
      real.put(type(message), message.topic());
    }
    assertThat(real).containsOnlyKeys(EventCodec.types());
    real.put(AuditCodec.TYPE, Topics.DEFAULT.audit());
    assertThat(described).containsExactlyInAnyOrderEntriesOf(real);
  }

  @ParameterizedTest
  @MethodSource("dev.perennial.event.EventCodec#types")
  void the_data_of_a_message_are_described_by_the_schema_of_its_type(String type) {
    assertThat(message(type).path("payload").path("$ref").asString())
        .isEqualTo("./events/" + type + ".schema.json");
    assertThat(message(type).path("name").asString()).isEqualTo(type);
  }

  @ParameterizedTest
  @MethodSource("dev.perennial.event.Examples#all")
  void the_headers_and_the_key_that_are_written_are_as_described(Event event) {
    EventMessage message =
        Examples.CODEC
            .encode(event)
            .withHeaders(
                Map.of("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    assertThat(problems(message)).isEmpty();
    JsonNode key = message(type(message)).path("bindings").path("kafka").path("key");
    assertThat(Documents.problems(key, Documents.JSON.valueToTree(message.key()))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.perennial.event.Examples#all")
  void every_header_that_is_written_is_described(Event event) {
    assertThat(
            document
                .path("components")
                .path("schemas")
                .path("headers")
                .path("properties")
                .propertyNames())
        .containsAll(Examples.CODEC.encode(event).headers().keySet())
        .contains("traceparent", "tracestate", "ce_traceparent", "ce_tracestate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce_id", "ce_dataschema", "ce_partitionkey", "ce_time", "content-type"})
  void a_header_that_is_missing_is_noticed(String name) {
    EventMessage whole = Examples.CODEC.encode(Examples.refreshed());
    Map<String, String> headers = new HashMap<>(whole.headers());
    headers.remove(name);
    assertThat(problems(new EventMessage(whole.topic(), whole.key(), headers, whole.value())))
        .isNotEmpty();
  }

  private List<String> problems(EventMessage message) {
    ObjectNode schema = (ObjectNode) message(type(message)).path("headers").deepCopy();
    schema.set("components", document.path("components")); // what its references lead to
    return Documents.problems(schema, Documents.JSON.valueToTree(message.headers()));
  }

  private JsonNode message(String type) {
    return document.path("components").path("messages").path(type);
  }

  private static String address(JsonNode channel) {
    return channel.path("address").asString().replace("{prefix}", Topics.DEFAULT_PREFIX);
  }

  private static Map<String, String> settings(JsonNode channel) {
    Map<String, String> settings = new HashMap<>();
    for (Map.Entry<String, JsonNode> one :
        channel.path("bindings").path("kafka").path("topicConfiguration").properties()) {
      JsonNode value = one.getValue();
      settings.put(one.getKey(), (value.isArray() ? value.path(0) : value).asString());
    }
    return settings;
  }

  private static String type(EventMessage message) {
    return Objects.requireNonNull(message.headers().get("ce_type"));
  }
}
