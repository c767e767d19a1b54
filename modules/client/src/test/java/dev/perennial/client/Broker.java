package dev.perennial.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
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
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A real broker, and one who publishes credentials on it as Perennial does. */
final class Broker implements AutoCloseable {
  private final AtomicInteger number = new AtomicInteger();
  final EmbeddedKafka kafka = EmbeddedKafka.startTemporary();
  private final KafkaProducer<String, byte[]> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 0),
          new StringSerializer(),
          new ByteArraySerializer());

  Map<String, Object> properties() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers(), "reconnect.backoff.max.ms", 200);
  }

  /** With topics of its own. */
  Publisher publisher() throws Exception {
    return publisher("test" + number.incrementAndGet());
  }

  Publisher publisher(String prefix) throws Exception {
    Publisher publisher = new Publisher(new Topics(prefix));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(
              publisher.topics.all(3).stream()
                  .map(t -> new NewTopic(t.name(), t.partitions(), (short) 1).configs(t.config()))
                  .toList())
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    return publisher;
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
    kafka.close();
  }

  final class Publisher {
    final Topics topics;
    final KeyRing ring = KeyRing.read(KeyRing.generate());
    private final SealedPayloads payloads = new SealedPayloads(ring);
    private final EventCodec codec;

    private Publisher(Topics topics) {
      this.topics = topics;
      this.codec = new EventCodec(topics, "/test");
    }

    void refreshed(long version, String accessToken, Instant expiresAt) throws Exception {
      say(
          States.of(
              States.KEY,
              version,
              Status.ACTIVE,
              version == 1 ? Change.CONNECTED : Change.REFRESHED,
              sealed(States.KEY, accessToken),
              expiresAt));
    }

    Sealed sealed(ConnectionKey key, String accessToken) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      values.put("access_token", accessToken);
      values.put("refresh_token", "rt-" + accessToken);
      values.put("instance_url", "https://eu7.example.com");
      return payloads.seal(key, new TokenResponse(values));
    }

    void say(CredentialState state) throws Exception {
      publish(state).get(30, TimeUnit.SECONDS);
    }

    Future<RecordMetadata> publish(CredentialState state) {
      EventMessage message = codec.encode(new Event.CredentialUpdated(state));
      ProducerRecord<String, byte[]> to =
          new ProducerRecord<>(message.topic(), message.key(), message.value());
      message.headers().forEach((name, value) -> to.headers().add(name, value.getBytes(UTF_8)));
      return producer.send(to);
    }
  }
}
