package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Restore;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.event.Event.RefreshDue;
import dev.perennial.event.EventCodec;
import dev.perennial.event.SealedPayloads;
import dev.perennial.event.Topics;
import dev.perennial.stream.KafkaEventPublisher;
import dev.perennial.stream.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.RedisClient;

/**
 * What a connection takes of Redis and of the topic, for docs/operations.md. How many: {@code
 * -Dperennial.e2e.connections=200000}.
 */
class SizingTest {
  private static final int CONNECTIONS = Integer.getInteger("perennial.e2e.connections", 2_000);
  private static final int SAMPLE = 1_000;
  private static final String DEFINITION =
      """
      {
        "authenticate_url": "https://provider.test/authorize?redirect_uri={{ redirect_url }}",
        "access_token": {"url": "https://provider.test/token"}
      }
      """;

  /** Access and refresh token in characters: opaque ones, and JSON Web Tokens. */
  @ParameterizedTest
  @CsvSource({"220, 100", "1800, 1200"})
  void whatAConnectionTakes(int access, int refresh) throws Exception {
    try (Servers servers = EmbeddedServers.start();
        Installed installed = Installed.on(servers).definition("orchard", DEFINITION).build();
        RedisClient redis = RedisClient.create(servers.redis())) {
      long memoryBefore = usedMemory(redis);
      publish(installed, access, refresh);
      Topics topics = new Topics(installed.config().topics().prefix());
      long topic = topicBytes(installed, topics.credentialsUpdated()) / CONNECTIONS;
      long due = topicBytes(installed, topics.refreshDue()) / CONNECTIONS;
      long begin = System.nanoTime();
      Restore.run(installed.config(), state -> {}, () -> false);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      long memory = (usedMemory(redis) - memoryBefore) / CONNECTIONS;
      System.out.printf(
          Locale.ROOT,
          "sizing: connections=%d access_token=%d refresh_token=%d redis_bytes=%d"
              + " of_which_hash=%d topic_bytes=%d due_bytes=%d healed_per_second=%.0f%n",
          CONNECTIONS,
          access,
          refresh,
          memory,
          hash(redis, installed),
          topic,
          due,
          CONNECTIONS / (took.toMillis() / 1000.0));
      int tokens = access + refresh;
      assertThat(memory).isBetween((long) tokens, 2L * tokens + 2_000);
      assertThat(topic).isBetween((long) tokens, 2L * tokens + 2_000);
    }
  }

  private static long usedMemory(RedisClient redis) {
    return redis
        .info("memory")
        .lines()
        .filter(line -> line.startsWith("used_memory:"))
        .mapToLong(line -> Long.parseLong(line.substring(12).strip()))
        .findFirst()
        .orElseThrow();
  }

  /** On average, as MEMORY USAGE has it. */
  private static long hash(RedisClient redis, Installed installed) {
    long sum = 0;
    int sample = Math.min(SAMPLE, CONNECTIONS);
    Shards shards = new Shards(installed.config().shards());
    for (int i = 0; i < sample; i++) {
      ConnectionKey key = key(i);
      sum +=
          redis.memoryUsage(
              installed.config().redis().prefix() + ":{s" + shards.of(key) + "}:c:" + key);
    }
    return sum / sample;
  }

  private static long topicBytes(Installed installed, String topic) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", installed.config().kafka().bootstrapServers());
    try (Admin admin = Admin.create(settings)) {
      int broker = admin.describeCluster().nodes().get().iterator().next().id();
      return admin.describeLogDirs(List.of(broker)).allDescriptions().get().values().stream()
          .flatMap(dirs -> dirs.values().stream())
          .map(LogDirDescription::replicaInfos)
          .flatMap(replicas -> replicas.entrySet().stream())
          .filter(replica -> replica.getKey().topic().equals(topic))
          .mapToLong(replica -> replica.getValue().size())
          .sum();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka does not say how large " + topic + " is", e);
    }
  }

  private static void publish(Installed installed, int access, int refresh) {
    Topics topics = new Topics(installed.config().topics().prefix());
    try (KafkaEventPublisher publisher =
        new KafkaEventPublisher(
            KafkaSettings.of(installed.config().kafka().bootstrapServers(), "sizing"),
            new EventCodec(topics, "/sizing"),
            Duration.ofSeconds(60))) {
      SealedPayloads payloads = new SealedPayloads(installed.sealer());
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      List<Event> some = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        some.add(new CredentialUpdated(state(i, payloads, now, access, refresh)));
        some.add(new RefreshDue(key(i), 3, RefreshDue.Cause.SCHEDULED, now));
        if (some.size() == 2_000 || i == CONNECTIONS - 1) {
          publisher.publishAll(some);
          some.clear();
        }
      }
    }
  }

  private static CredentialState state(
      int i, SealedPayloads payloads, Instant now, int access, int refresh) {
    Map<String, @Nullable Object> tokens = new HashMap<>();
    tokens.put("access_token", "a".repeat(access));
    tokens.put("refresh_token", "r".repeat(refresh));
    tokens.put("expires_in", 3_600);
    tokens.put("token_type", "Bearer");
    Duration spread = Duration.ofMillis(i % 3_600_000L); // due all over the hour
    return new CredentialState(
        key(i),
        1_790_000_000_000_000L,
        2,
        3,
        Status.ACTIVE,
        Change.REFRESHED,
        null,
        payloads.seal(key(i), new TokenResponse(tokens)),
        now,
        now.plusSeconds(3_600),
        now.plusSeconds(1_800).plus(spread),
        "Bearer",
        "https://provider.test/auth/mail.read https://provider.test/auth/calendar",
        now);
  }

  private static ConnectionKey key(int i) {
    return new ConnectionKey("orchard", "customer-" + (1_000_000 + i));
  }
}
