package dev.perennial.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.event.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;

/** No secret in the open: every one the provider issued is searched for where anybody may look. */
@ExtendWith(ServersExtension.class)
class SecrecyTest {
  private static final String CLIENT_SECRET = "client-secret-77e0c1";

  @Test
  void nothingSecretStandsInTopicsRedisOrLogs(Servers servers) {
    ConnectionKey key = ConnectionKey.parse("strict/acme");
    try (CapturedLog log = new CapturedLog();
        ProviderSimulator simulator =
            ProviderSimulator.start(
                ProviderProfile.named("strict")
                    .client("sim-client", CLIENT_SECRET)
                    .accessTokenLife(Duration.ofSeconds(6))
                    .build());
        Installed installed =
            Installed.on(servers)
                .judgedBy(simulator)
                .definition("strict", Definitions.of(simulator.provider("strict")))
                .variable("PERENNIAL_STRICT_CLIENT_ID", "sim-client")
                .variable("PERENNIAL_STRICT_CLIENT_SECRET", CLIENT_SECRET)
                .build();
        Browser browser = new Browser()) {
      Node node = installed.node(EnumSet.allOf(Role.class));
      browser.open(installed.connectLink(node.adminPort(), key));
      installed.witness().await(key, Change.REFRESHED, 2);

      Set<String> secrets = new HashSet<>(simulator.ledger().allSecretsIssued());
      secrets.add(CLIENT_SECRET);
      secrets.add(Installed.ADMIN_TOKEN);
      assertThat(secrets)
          .as("a code, and an access and a refresh token each time")
          .hasSizeGreaterThan(6);

      String topics = topics(installed);
      String redis = redis(servers, installed.config().redis().prefix());
      assertThat(topics).contains("strict/acme");
      assertThat(redis).contains("strict/acme");
      assertThat(log.text()).contains("strict/acme");
      for (String secret : secrets) {
        assertThat(topics).doesNotContain(secret);
        assertThat(redis).doesNotContain(secret);
        assertThat(log.text()).doesNotContain(secret);
      }
    }
  }

  /** Every byte of every record, headers and all. */
  private static String topics(Installed installed) {
    Map<String, Object> kafka =
        Map.of("bootstrap.servers", installed.config().kafka().bootstrapServers());
    StringBuilder all = new StringBuilder();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      new Topics(installed.config().topics().prefix())
          .all(installed.config().shards())
          .forEach(topic -> {
            for (int i = 0; i < topic.partitions(); i++) {
              partitions.add(new TopicPartition(topic.name(), i));
            }
          });
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofMillis(100))) {
          all.append(text(found.key())).append(text(found.value()));
          found.headers().forEach(header -> all.append(text(header.value())));
        }
      }
    }
    return all.toString();
  }

  /** Every key of the installation with its serialized value. */
  private static String redis(Servers servers, String prefix) {
    StringBuilder all = new StringBuilder();
    try (Jedis jedis = new Jedis(servers.redis())) {
      for (byte[] key : jedis.keys((prefix + "*").getBytes(ISO_8859_1))) {
        all.append(text(key));
        switch (jedis.type(new String(key, ISO_8859_1))) {
          case "hash" -> jedis.hgetAll(key).forEach((f, v) -> all.append(text(f)).append(text(v)));
          case "zset" -> jedis.zrange(key, 0, -1).forEach(member -> all.append(text(member)));
          default -> all.append(text(jedis.get(key)));
        }
      }
    }
    return all.toString();
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, ISO_8859_1);
  }

  /** What our own code logs, down to the last detail. */
  private static final class CapturedLog implements AutoCloseable {
    private final Logger ours = (Logger) LoggerFactory.getLogger("dev.perennial");
    private final Logger root = (Logger) LoggerFactory.getLogger("ROOT");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    CapturedLog() {
      lines.start();
      ours.setLevel(Level.TRACE);
      root.addAppender(lines);
    }

    synchronized String text() {
      StringBuilder all = new StringBuilder();
      for (ILoggingEvent line : List.copyOf(lines.list)) {
        all.append(line.getFormattedMessage()).append('\n');
      }
      return all.toString();
    }

    @Override
    public void close() {
      ours.setLevel(null);
      root.detachAppender(lines);
    }
  }
}
