package dev.perennial.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.event.TopicSpec;
import dev.perennial.event.Topics;
import dev.perennial.prove.guarantee.Evidence;
import dev.perennial.prove.guarantee.Timing;
import dev.perennial.prove.witness.NoLedger;
import dev.perennial.prove.witness.RedisWitness;
import dev.perennial.prove.witness.TopicWitness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/** The topics and the Redis of an installation as whoever may read them sees them. */
final class OpenStores {
  private static final Duration ANY = Duration.ofSeconds(1);

  private final Installed installed;
  private final Servers servers;
  private final Topics topics;
  private final String prefix;

  OpenStores(Installed installed, Servers servers) {
    this.installed = installed;
    this.servers = servers;
    this.topics = new Topics(installed.config().topics().prefix());
    this.prefix = installed.config().redis().prefix();
  }

  List<String> topics() {
    return topics.all(1).stream().map(TopicSpec::name).toList();
  }

  /** Everything they hold now. */
  void testify(OpenPlaces places) {
    Evidence.Builder evidence = Evidence.of(new Timing(ANY, ANY, ANY, ANY, ANY));
    new TopicWitness(
            servers.kafka(),
            installed.config().topics().prefix(),
            installed.config().shards(),
            installed.sealer())
        .testify(evidence, _ -> Optional.empty());
    new RedisWitness(servers.redis(), prefix, installed.sealer()).testify(evidence, new NoLedger());
    evidence.build().open().forEach(places::add);
  }

  /** A record that no role can read. */
  void garble(ConnectionKey key) {
    send(topics.refreshDue(), key.toString(), "x", "y", "{}");
  }

  /** What Redis being away would have brought there. */
  void journal(ConnectionKey key) {
    send(topics.grantJournal(), key.toString(), "x", "y", null);
  }

  /** One word in each part of a record of each topic; those that are opened have no value. */
  void plantInTopics(String key, String header, String headerValue, String value) {
    List<String> opened =
        List.of(topics.credentialsUpdated(), topics.codeReceived(), topics.authorizations());
    topics()
        .forEach(
            topic -> send(topic, key, header, headerValue, opened.contains(topic) ? null : value));
  }

  private void send(
      String topic, String key, String header, String headerValue, @Nullable String value) {
    Map<String, Object> kafka = Map.of("bootstrap.servers", servers.kafka());
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
      byte[] bytes = value == null ? null : value.getBytes(UTF_8);
      var _ =
          producer
              .send(
                  new ProducerRecord<>(
                      topic,
                      null,
                      key,
                      bytes,
                      List.of(new RecordHeader(header, headerValue.getBytes(UTF_8)))))
              .get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** One word in each place that a key of Redis has. */
  void plantInRedis(List<String> words) {
    try (Jedis jedis = new Jedis(servers.redis())) {
      jedis.set(prefix + ":" + words.get(0), words.get(1));
      jedis.hset(prefix + ":hash", words.get(2), words.get(3));
      jedis.sadd(prefix + ":set", words.get(4));
      jedis.zadd(prefix + ":zset", 1, words.get(5));
      jedis.rpush(prefix + ":list", words.get(6));
    }
  }
}
