package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.Fault;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderProfile.Consent;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.devstack.provider.SimulatedProvider;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import dev.perennial.event.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a real loop publishes is what {@code docs/asyncapi.json} and the schemas say. */
@ExtendWith(ServersExtension.class)
class EventContractTest {
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);
  private static final Path DOCS = Path.of("../../docs");
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CREDENTIALS = "perennial.credentials.";

  private final JsonNode document = read(DOCS.resolve("asyncapi.json"));
  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          ProviderProfile.named("strict")
              .client("strict-client", "strict-secret-4d1e")
              .accessTokenLife(Duration.ofSeconds(6))
              .build(),
          ProviderProfile.named("denying")
              .client("denying-client", "denying-secret-4d1e")
              .consent(Consent.DENIED)
              .build());

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void theLifeOfAConnectionIsPublishedAsDocumented(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("strict/acme");
    try (Installed installed = installed(servers);
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      browser.open(installed.connectLink(node.adminPort(), key));
      try (RawTopic updates = new RawTopic(servers, topics(installed).credentialsUpdated())) {
        updates.await("a refresh", record -> isA(record, "refreshed"));
        simulator.provider("strict").failNext(1, Fault.status(503));
        updates.await("a failure", record -> isA(record, "refresh_failed"));
        simulator.provider("strict").revokeAllGrants();
        updates.await("its end", record -> isA(record, "reauthorization_required"));
        installed.over();
        installed.admin(node.adminPort(), "DELETE", key, "");
        List<ConsumerRecord<String, byte[]>> all =
            updates.until("the deletion", record -> isA(record, "deleted"));
        assertThat(all).allSatisfy(record -> assertDocumented("credentials-updated", record));
        assertThat(all).extracting(ConsumerRecord::key).containsOnly("strict/acme");
        assertThat(all)
            .extracting(ConsumerRecord::partition)
            .containsOnly(new Shards(installed.config().shards()).of(key));
        assertRising(all);
      }
    }
  }

  @Test
  void aConsentThatFailedIsPublishedAsDocumented(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("denying/acme");
    try (Installed installed = installed(servers);
        Browser browser = new Browser()) {
      Node node = installed.node(ALL);
      browser.open(installed.connectLink(node.adminPort(), key));
      try (RawTopic failed = new RawTopic(servers, topics(installed).authorizations())) {
        assertThat(failed.until("a failure", _ -> true))
            .allSatisfy(record -> assertDocumented("authorizations", record));
      }
    }
  }

  /** In the order of the topic, which an undisturbed loop keeps. */
  private static void assertRising(List<ConsumerRecord<String, byte[]>> records) {
    assertThat(records)
        .extracting(record -> JSON.readTree(record.value()))
        .isSortedAccordingTo((a, b) -> compare(a, b, "grant", "token_gen", "version"));
  }

  private static int compare(JsonNode a, JsonNode b, String... by) {
    for (String name : by) {
      int order = Long.compare(a.path(name).asLong(), b.path(name).asLong());
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private void assertDocumented(String channel, ConsumerRecord<String, byte[]> record) {
    Map<String, String> headers = RawTopic.headers(record);
    String type = String.valueOf(headers.get("ce_type"));
    assertThat(document.path("channels").path(channel).path("messages").has(type))
        .as(type + " on " + channel)
        .isTrue();
    JsonNode message = document.path("components").path("messages").path(type);

    ObjectNode schema = (ObjectNode) message.path("headers").deepCopy();
    schema.set("components", document.path("components"));
    assertThat(problems(schema, JSON.valueToTree(headers))).as("headers of " + type).isEmpty();
    assertThat(headers).containsKeys("traceparent", "ce_traceparent");
    assertThat(described(document.path("components").path("schemas").path("headers")))
        .containsAll(headers.keySet());

    JsonNode key = message.path("bindings").path("kafka").path("key");
    assertThat(problems(key, JSON.valueToTree(record.key()))).as("key of " + type).isEmpty();

    JsonNode data = JSON.readTree(record.value());
    JsonNode described = read(DOCS.resolve(message.path("payload").path("$ref").asString()));
    assertThat(headers).containsEntry("ce_dataschema", described.path("$id").asString());
    assertThat(problems(described, data)).as("data of " + type).isEmpty();
    assertThat(described(described)).as("members of " + type).containsAll(data.propertyNames());
    assertThat(record.key())
        .isEqualTo(data.path("integration").asString() + "/" + data.path("connection").asString());
  }

  private static Collection<String> described(JsonNode schema) {
    return schema.path("properties").propertyNames();
  }

  private static List<String> problems(JsonNode schema, JsonNode instance) {
    return SchemaRegistry.withDialect(Dialects.getDraft202012())
        .getSchema(schema)
        .validate(instance)
        .stream()
        .map(Error::toString)
        .toList();
  }

  private Installed installed(Servers servers) {
    Installed.Builder builder = Installed.on(servers).judgedBy(simulator);
    for (String provider : List.of("strict", "denying")) {
      SimulatedProvider simulated = simulator.provider(provider);
      String prefix = "PERENNIAL_" + provider.toUpperCase(Locale.ROOT);
      builder
          .definition(provider, Definitions.of(simulated))
          .variable(prefix + "_CLIENT_ID", provider + "-client")
          .variable(prefix + "_CLIENT_SECRET", provider + "-secret-4d1e");
    }
    return builder.build();
  }

  private static Topics topics(Installed installed) {
    return new Topics(installed.config().topics().prefix());
  }

  private static boolean isA(ConsumerRecord<String, byte[]> record, String change) {
    return RawTopic.isA(record, CREDENTIALS + change);
  }

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
