package dev.perennial.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.event.EventCodec;
import dev.perennial.event.EventMessage;
import dev.perennial.event.SealedPayloads;
import dev.perennial.event.Topics;
import dev.perennial.sealing.KeyRing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real broker; each test has topics of its own. */
@Timeout(60)
class CredentialEventsTest {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static EmbeddedKafka kafka;
  private static KafkaProducer<String, byte[]> producer;

  private final Topics topics = new Topics("test" + NUMBER.incrementAndGet());
  private final EventCodec codec = new EventCodec(topics, "/test");
  private final KeyRing ring = KeyRing.read(KeyRing.generate());
  private final SealedPayloads payloads = new SealedPayloads(ring);
  private final Heard heard = new Heard();

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.startTemporary();
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 0),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  @AfterAll
  static void stopBroker() {
    producer.close(Duration.ZERO);
    kafka.close();
  }

  @Test
  void what_stood_on_the_topic_is_caught_up_with_and_what_comes_is_heard() throws Exception {
    createTopics();
    say(state(1, "at1"));
    say(state(2, "at2"));
    try (CredentialEvents events = following().follow(heard)) {
      events.caughtUp().get(30, TimeUnit.SECONDS);
      assertThat(events.latest(States.KEY)).map(CredentialState::version).hasValue(2L);
      assertThat(events.latest(new ConnectionKey("google", "other"))).isEmpty();

      say(state(3, "at3"));
      assertThat(heard.versions(3)).containsExactly(1L, 2L, 3L);
      assertThat(
              events.latest(States.KEY).flatMap(events::open).flatMap(TokenResponse::accessToken))
          .hasValue(Secret.of("at3"));
    }
  }

  @Test
  void older_versions_and_duplicates_are_dropped() throws Exception {
    createTopics();
    for (long version : List.of(2, 2, 1, 3, 1, 3, 4)) {
      say(state(version, "at"));
    }
    try (CredentialEvents events = following().follow(heard)) {
      events.caughtUp().get(30, TimeUnit.SECONDS);
      assertThat(heard.versions(3)).containsExactly(2L, 3L, 4L);
      assertThat(heard.updates).isEmpty();
    }
  }

  @Test
  void with_all_records_every_one_is_heard_and_the_latest_is_still_the_newest() throws Exception {
    createTopics();
    for (long version : List.of(2, 2, 1)) {
      say(state(version, "at"));
    }
    try (CredentialEvents events = following().allRecords(true).follow(heard)) {
      assertThat(heard.versions(3)).containsExactly(2L, 2L, 1L);
      assertThat(events.latest(States.KEY)).map(CredentialState::version).hasValue(2L);
    }
  }

  @Test
  void without_a_sealer_the_tokens_stay_sealed() throws Exception {
    createTopics();
    say(state(1, "planted"));
    try (CredentialEvents events = CredentialEvents.on(properties(), topics).follow(heard)) {
      CredentialUpdate update = heard.next();
      assertThat(update.open()).isEmpty();
      assertThat(events.open(update.state())).isEmpty();
      assertThat(update.state().tokenType()).isEqualTo("Bearer");
      assertThat(update.toString()).isEqualTo("google/acme version 1 refreshed");
    }
  }

  @Test
  void a_key_ring_in_a_file_opens_the_tokens(@TempDir Path directory) throws Exception {
    createTopics();
    String json = KeyRing.generate();
    Sealed sealed = new SealedPayloads(KeyRing.read(json)).seal(States.KEY, answer("at1"));
    say(States.of(States.KEY, 1, 1, 1, sealed));
    Path file = Files.writeString(directory.resolve("keys.json"), json);
    try (CredentialEvents events =
        CredentialEvents.on(properties(), topics).keyRing(file).follow(heard)) {
      events.caughtUp().get(30, TimeUnit.SECONDS);
      assertThat(heard.next().open().flatMap(TokenResponse::accessToken))
          .hasValue(Secret.of("at1"));
    }
  }

  @Test
  void a_tombstone_forgets() throws Exception {
    createTopics();
    say(state(1, "at"));
    send(new EventMessage(topics.credentialsUpdated(), "google/acme", Map.of(), null));
    send(new EventMessage(topics.credentialsUpdated(), "not a key", Map.of(), null));
    try (CredentialEvents events = following().follow(heard)) {
      events.caughtUp().get(30, TimeUnit.SECONDS);
      assertThat(heard.forgotten).containsExactly(States.KEY);
      assertThat(events.latest(States.KEY)).isEmpty();
    }
  }

  @Test
  void what_cannot_be_read_and_what_the_listener_cannot_take_is_passed_over() throws Exception {
    createTopics();
    send(new EventMessage(topics.credentialsUpdated(), "x", Map.of("ce_type", "?"), new byte[9]));
    say(state(1, "at"));
    say(state(2, "at"));
    CredentialListener touchy =
        update -> {
          heard.updated(update);
          if (update.state().version() == 1) {
            throw new IllegalStateException("thrown by the test's listener");
          }
        };
    try (CredentialEvents events = following().follow(touchy)) {
      events.caughtUp().get(30, TimeUnit.SECONDS);
      assertThat(heard.versions(2)).containsExactly(1L, 2L);
    }
  }

  @Test
  void failed_consents_are_heard_where_they_are_followed() throws Exception {
    createTopics();
    AuthorizationFailed failed =
        new AuthorizationFailed(
            States.KEY, "a1", Reason.of(Reason.REFUSED), Instant.parse("2026-01-01T00:00:00Z"));
    send(codec.encode(failed));
    say(state(1, "at"));
    try (CredentialEvents events = following().authorizations(true).follow(heard)) {
      events.caughtUp().get(30, TimeUnit.SECONDS);
      assertThat(heard.versions(1)).containsExactly(1L);
      assertThat(heard.failed).containsExactly(failed);
    }
  }

  @Test
  void a_topic_that_is_made_later_and_a_broker_that_dies_are_waited_for() throws Exception {
    try (CredentialEvents events = following().follow(heard)) {
      createTopics();
      events.caughtUp().get(30, TimeUnit.SECONDS);
      say(state(1, "at"));
      assertThat(heard.versions(1)).containsExactly(1L);

      kafka.kill();
      kafka.restart();
      say(state(2, "at"));
      assertThat(heard.versions(1)).containsExactly(2L);
    }
  }

  @Test
  void closed_before_it_had_caught_up_it_says_so_and_leaves_no_thread() {
    CredentialEvents events = following().follow(heard); // there is no such topic
    events.close();
    assertThatThrownBy(() -> events.caughtUp().join()).isInstanceOf(CompletionException.class);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("perennial-events");
  }

  private CredentialEvents.Builder following() {
    return CredentialEvents.on(properties(), topics).sealer(ring);
  }

  private static Map<String, Object> properties() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers(), "reconnect.backoff.max.ms", 200);
  }

  private void createTopics() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(
              topics.all(3).stream()
                  .map(t -> new NewTopic(t.name(), t.partitions(), (short) 1).configs(t.config()))
                  .toList())
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private CredentialState state(long version, String accessToken) {
    Sealed sealed = payloads.seal(States.KEY, answer(accessToken));
    return States.of(States.KEY, 1, version, version, sealed);
  }

  private static TokenResponse answer(String accessToken) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("access_token", accessToken);
    return new TokenResponse(values);
  }

  private void say(CredentialState state) throws Exception {
    send(codec.encode(new Event.CredentialUpdated(state)));
  }

  private static void send(EventMessage message) throws Exception {
    ProducerRecord<String, byte[]> to =
        new ProducerRecord<>(message.topic(), message.key(), message.value());
    message.headers().forEach((name, value) -> to.headers().add(name, value.getBytes(UTF_8)));
    producer.send(to).get(30, TimeUnit.SECONDS);
  }

  /** Writes down what it hears. */
  private static final class Heard implements CredentialListener {
    final BlockingQueue<CredentialUpdate> updates = new LinkedBlockingQueue<>();
    final BlockingQueue<ConnectionKey> forgotten = new LinkedBlockingQueue<>();
    final BlockingQueue<AuthorizationFailed> failed = new LinkedBlockingQueue<>();

    @Override
    public void updated(CredentialUpdate update) {
      updates.add(update);
    }

    @Override
    public void forgotten(ConnectionKey key) {
      forgotten.add(key);
    }

    @Override
    public void authorizationFailed(AuthorizationFailed event) {
      failed.add(event);
    }

    CredentialUpdate next() throws InterruptedException {
      CredentialUpdate update = updates.poll(30, TimeUnit.SECONDS);
      assertThat(update).as("the next update within 30 s").isNotNull();
      return Objects.requireNonNull(update);
    }

    List<Long> versions(int count) throws InterruptedException {
      List<Long> versions = new ArrayList<>();
      for (int n = 0; n < count; n++) {
        versions.add(next().state().version());
      }
      return versions;
    }
  }
}
