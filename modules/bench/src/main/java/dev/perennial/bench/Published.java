package dev.perennial.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.client.Credentials;
import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.event.EventMessage;
import dev.perennial.event.JsonObjects;
import dev.perennial.event.SealedPayloads;
import dev.perennial.event.Topics;
import dev.perennial.sealing.KeyRing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Connections on a broker of its own: {@code google/acme}, and as many more as wanted. */
final class Published implements AutoCloseable {
  private static final int PARTITIONS = 8;
  private static final String LONG_AGO = "2026-01-01T00:00:00Z";
  private static final String NEVER = "2999-01-01T00:00:00Z";

  private final EmbeddedKafka kafka = EmbeddedKafka.startTemporary();
  private final KeyRing ring = KeyRing.read(KeyRing.generate());
  private final SealedPayloads payloads = new SealedPayloads(ring);

  private Published() {}

  static Published connections(int count) throws Exception {
    Published published = new Published();
    published.createTopic();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            published.server(), new StringSerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int n = 0; n < count; n++) {
        sent.add(producer.send(published.record(ConnectionKey.parse(name(n)))));
      }
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    }
    return published;
  }

  static String name(int number) {
    return number == 0 ? "google/acme" : "google/customer-" + number;
  }

  /** The view of them all, ready. */
  Credentials follow() throws Exception {
    Credentials credentials = Credentials.onKafka(server()).sealer(ring).start();
    credentials.ready().get(2, TimeUnit.MINUTES);
    return credentials;
  }

  private Map<String, Object> server() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  private void createTopic() throws Exception {
    try (Admin admin = Admin.create(server())) {
      NewTopic topic =
          new NewTopic(Topics.DEFAULT.credentialsUpdated(), PARTITIONS, (short) 1)
              .configs(Map.of("max.message.bytes", "" + EventMessage.MAX_RECORD_BYTES));
      admin.createTopics(List.of(topic)).all().get(1, TimeUnit.MINUTES);
    }
  }

  /** By hand, as any writer of the event's format could. */
  private ProducerRecord<String, byte[]> record(ConnectionKey key) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("integration", key.integration());
    data.put("connection", key.connection());
    data.put("grant", 1L);
    data.put("token_gen", 1L);
    data.put("version", 1L);
    data.put("status", "active");
    data.put("token_type", "bearer");
    data.put("issued_at", LONG_AGO);
    data.put("expires_at", NEVER);
    data.put("changed_at", LONG_AGO);
    data.put("sealed", Base64.getEncoder().encodeToString(sealed(key).bytes()));
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(
            Topics.DEFAULT.credentialsUpdated(), key.toString(), JsonObjects.write(data));
    record.headers().add("ce_specversion", "1.0".getBytes(UTF_8));
    record.headers().add("ce_type", "perennial.credentials.connected".getBytes(UTF_8));
    return record;
  }

  private Sealed sealed(ConnectionKey key) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("access_token", "a".repeat(700));
    values.put("refresh_token", "r".repeat(100));
    values.put("token_type", "bearer");
    values.put("expires_in", Duration.ofHours(1).toSeconds());
    return payloads.seal(key, new TokenResponse(values));
  }

  @Override
  public void close() {
    kafka.close();
  }
}
