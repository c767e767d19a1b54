package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Restore;
import dev.perennial.app.role.Role;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.event.Event.CredentialUpdated;
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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.RedisClient;

/**
 * Redis is rebuilt from the compacted topic. How many connections: {@code
 * -Dperennial.e2e.connections=100000}.
 */
@ExtendWith(ServersExtension.class)
class RestoreTest {
  private static final int CONNECTIONS = Integer.getInteger("perennial.e2e.connections", 2_000);

  private static final String DEFINITION =
      """
      {
        "authenticate_url": "https://provider.test/authorize?redirect_uri={{ redirect_url }}",
        "access_token": {"url": "https://provider.test/token"}
      }
      """;

  @Test
  void anEmptyRedisIsRebuiltByTheCommand(Servers servers) {
    try (Installed installed = Installed.on(servers).definition("orchard", DEFINITION).build();
        RedisClient redis = RedisClient.create(servers.redis())) {
      publish(installed);
      AtomicReference<Restore.State> last = new AtomicReference<>();

      long begin = System.nanoTime();
      boolean whole = Restore.run(installed.config(), last::set, () -> false);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);

      System.out.printf("restored %d connections in %d ms%n", CONNECTIONS, took.toMillis());
      assertThat(whole).isTrue();
      assertThat(last.get().applied()).isEqualTo(CONNECTIONS);
      assertThat(last.get().done()).isEqualTo(installed.config().shards());
      assertThat(connections(redis, installed)).isEqualTo(CONNECTIONS);
      assertThat(stored(redis, installed, 7))
          .containsEntry("version", "3")
          .containsEntry("token_gen", "2");
    }
  }

  @Test
  void theCredentialsRoleRebuildsWhatIsLostWhileItRuns(Servers servers) {
    try (Installed installed = Installed.on(servers).definition("orchard", DEFINITION).build();
        RedisClient redis = RedisClient.create(servers.redis())) {
      publish(installed);
      installed.node(Set.of(Role.CREDENTIALS));
      assertThat(connections(redis, installed)).isEqualTo(CONNECTIONS);

      redis.del(everyKey(redis, installed).toArray(String[]::new)); // all at once, as FLUSHALL

      Await.until("everything is back", () -> connections(redis, installed) == CONNECTIONS);
    }
  }

  private static void publish(Installed installed) {
    Topics topics = new Topics(installed.config().topics().prefix());
    try (KafkaEventPublisher publisher =
        new KafkaEventPublisher(
            KafkaSettings.of(installed.config().kafka().bootstrapServers(), "restore-test"),
            new EventCodec(topics, "/restore-test"),
            Duration.ofSeconds(30))) {
      SealedPayloads payloads = new SealedPayloads(installed.sealer());
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      List<CredentialUpdated> some = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        some.add(new CredentialUpdated(state(i, payloads, now)));
        if (some.size() == 1_000 || i == CONNECTIONS - 1) {
          publisher.publishAll(some);
          some.clear();
        }
      }
    }
  }

  private static CredentialState state(int i, SealedPayloads payloads, Instant now) {
    Map<String, @Nullable Object> tokens = new HashMap<>();
    tokens.put("access_token", "a" + i);
    tokens.put("filler", "x".repeat(1_000));
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
        now.plusSeconds(2_700),
        "Bearer",
        "a b",
        now);
  }

  private static ConnectionKey key(int i) {
    return new ConnectionKey("orchard", "c" + i);
  }

  private static Map<String, String> stored(RedisClient redis, Installed installed, int i) {
    return everyKey(redis, installed).stream()
        .filter(name -> name.endsWith("c:" + key(i)))
        .map(redis::hgetAll)
        .findFirst()
        .orElseThrow();
  }

  private static long connections(RedisClient redis, Installed installed) {
    return everyKey(redis, installed).stream().filter(name -> name.contains("}:c:")).count();
  }

  private static Set<String> everyKey(RedisClient redis, Installed installed) {
    return redis.keys(installed.config().redis().prefix() + ":*");
  }
}
