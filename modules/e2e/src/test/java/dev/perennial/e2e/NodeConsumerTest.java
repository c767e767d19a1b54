package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.event.Event;
import dev.perennial.event.EventCodec;
import dev.perennial.event.EventMessage;
import dev.perennial.event.SealedPayloads;
import dev.perennial.event.Topics;
import dev.perennial.sealing.KeyRing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code docs/examples/node} follows the topic and opens the tokens with nothing of ours. */
@ExtendWith(ServersExtension.class)
class NodeConsumerTest {
  private static final JsonMapper JSON = new JsonMapper();

  @SuppressWarnings("NullAway.Init") // by install
  private static Path example;

  @BeforeAll
  static void install() throws IOException {
    example = NodeScript.install(Path.of("../../docs/examples/node"));
  }

  @AfterAll
  static void clear() {
    if (example != null) {
      Directories.delete(example);
    }
  }

  @Test
  void aLoopIsFollowedChangeByChange(Servers servers) throws IOException {
    ConnectionKey key = ConnectionKey.parse("strict/acme");
    try (ProviderSimulator simulator =
            ProviderSimulator.start(
                ProviderProfile.named("strict")
                    .client("strict-client", "strict-secret-4d1e")
                    .accessTokenLife(Duration.ofSeconds(6))
                    .build());
        Installed installed =
            Installed.on(servers)
                .judgedBy(simulator)
                .definition("strict", Definitions.of(simulator.provider("strict")))
                .variable("PERENNIAL_STRICT_CLIENT_ID", "strict-client")
                .variable("PERENNIAL_STRICT_CLIENT_SECRET", "strict-secret-4d1e")
                .build();
        Browser browser = new Browser();
        NodeScript script =
            follow(
                servers,
                installed.config().topics().prefix(),
                installed.flags().get("keys.keyset"))) {
      Node node = installed.node(EnumSet.allOf(Role.class));
      browser.open(installed.connectLink(node.adminPort(), key));
      installed.witness().await(key, Change.REFRESHED, 2);
      List<String> printed = script.await(3);
      List<String> published =
          installed.witness().updates(key).stream()
              .map(update ->
                  line(
                      update.state().change().text(),
                      update.state().version(),
                      update
                          .open()
                          .flatMap(TokenResponse::accessToken)
                          .map(Secret::reveal)
                          .orElseThrow()
                          .length()))
              .toList();
      assertThat(printed.subList(0, 3).stream().map(NodeConsumerTest::summary))
          .containsExactlyElementsOf(published.subList(0, 3));
      assertThat(printed)
          .allSatisfy(line -> {
            JsonNode change = JSON.readTree(line);
            assertThat(change.path("connection").asString()).isEqualTo("strict/acme");
            assertThat(change.path("trace").asString()).matches("[0-9a-f]{32}");
            assertThat(change.path("status").asString()).isEqualTo("active");
          });
    }
  }

  @Test
  void whatIsOlderOrTwiceIsDroppedAndATombstoneForgets(Servers servers) throws Exception {
    String prefix = "node-" + UUID.randomUUID().toString().substring(0, 8);
    String ring = KeyRing.generate();
    Story story = new Story(prefix, ring);
    EventMessage second = story.version(7, 2, 5, Change.REFRESHED);
    EventMessage first = story.version(7, 1, 1, Change.CONNECTED);
    EventMessage reconnected =
        story.version(8, 1, 4, Change.CONNECTED); // a lower version, a newer grant
    EventMessage tombstone = new EventMessage(second.topic(), second.key(), Map.of(), null);
    publish(servers, List.of(first, second, second, first, reconnected, second, tombstone, first));
    try (NodeScript script = follow(servers, prefix, ring)) {
      assertThat(script.await(5).stream().map(NodeConsumerTest::summary))
          .containsExactly(
              line("connected", 1, 13),
              line("refreshed", 5, 13),
              line("connected", 4, 13),
              line("forgotten", 0, 0),
              line("connected", 1, 13));
    }
  }

  /** Records of one connection. */
  private static final class Story {
    private static final ConnectionKey KEY = ConnectionKey.parse("google/acme");
    private final EventCodec codec;
    private final SealedPayloads payloads;

    Story(String prefix, String ring) {
      codec = new EventCodec(new Topics(prefix), "/" + prefix);
      payloads = new SealedPayloads(KeyRing.read(ring));
    }

    EventMessage version(long grant, long tokenGen, long version, Change change) {
      TokenResponse tokens = new TokenResponse(Map.of("access_token", "thirteen-char"));
      return codec.encode(
          new Event.CredentialUpdated(
              new CredentialState(
                  KEY,
                  grant,
                  tokenGen,
                  version,
                  Status.ACTIVE,
                  change,
                  null,
                  payloads.seal(KEY, tokens),
                  Instant.EPOCH,
                  null,
                  null,
                  "Bearer",
                  null,
                  Instant.EPOCH)));
    }
  }

  private static void publish(Servers servers, List<EventMessage> messages) throws Exception {
    Map<String, Object> kafka = Map.of("bootstrap.servers", servers.kafka());
    try (Admin admin = Admin.create(kafka);
        KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
      String topic = messages.getFirst().topic();
      admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
      for (EventMessage message : messages) {
        ProducerRecord<String, byte[]> record =
            new ProducerRecord<>(topic, message.key(), message.value());
        message
            .headers()
            .forEach((name, value) ->
                record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        producer.send(record).get();
      }
    }
  }

  private static NodeScript follow(Servers servers, String prefix, @Nullable String ring)
      throws IOException {
    Path file = Files.createTempFile(example, "keys", ".json");
    Files.writeString(file, Objects.requireNonNull(ring));
    return NodeScript.start(
        example,
        "follow.mjs",
        Map.of("KAFKA", servers.kafka(), "TOPIC_PREFIX", prefix, "KEYSET", file.toString()));
  }

  private static String summary(String line) {
    JsonNode change = JSON.readTree(line);
    return line(
        change.path("change").asString(),
        change.path("version").asLong(0),
        change.path("access_token_length").asInt(0));
  }

  private static String line(String change, long version, int length) {
    return change + " " + version + ", a token of " + length;
  }
}
