package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.client.CredentialException;
import dev.perennial.client.Credentials;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.event.Topics;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.LiveKeyRing;
import dev.perennial.sealing.RingKey.State;
import dev.perennial.sealing.Wrapping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/**
 * The key ring is rotated while connections are refreshed every few seconds and a pipeline reads;
 * then Redis is emptied, and what is built again opens with the new key alone. The guarantees are
 * judged at the end as in every test.
 */
@ExtendWith(ServersExtension.class)
class KeyRotationTest {
  private static final List<ConnectionKey> KEYS =
      IntStream.range(0, 6).mapToObj(i -> new ConnectionKey("strict", "c" + i)).toList();

  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          ProviderProfile.named("strict")
              .client("strict-client", "strict-secret-4d1e")
              .accessTokenLife(Duration.ofMinutes(2))
              .build());

  private final KeyRing first = KeyRing.ofNewKey();

  @AfterEach
  void close() {
    simulator.close();
  }

  private Installed installed(Servers servers, Path file) {
    return Installed.on(servers)
        .keysIn(file)
        .flag("refresh.share", "0.05") // every six seconds
        .judgedBy(simulator)
        .definition("strict", Definitions.of(simulator.provider("strict")))
        .variable("PERENNIAL_STRICT_CLIENT_ID", "strict-client")
        .variable("PERENNIAL_STRICT_CLIENT_SECRET", "strict-secret-4d1e")
        .build();
  }

  /** What a pipeline met that it should not have. */
  private record Reader(Credentials credentials, Queue<String> problems) implements Runnable {
    @Override
    public void run() {
      try {
        while (!Thread.interrupted()) {
          KEYS.forEach(this::read);
          LockSupport.parkNanos(1_000_000);
        }
      } catch (RuntimeException e) {
        problems.add(e.toString());
      }
    }

    private void read(ConnectionKey key) {
      try {
        var _ = credentials.token(key);
      } catch (CredentialException e) {
        problems.add(e.kind() + " " + e.getMessage());
      }
    }
  }

  @Test
  void theRingIsRotatedWhileConnectionsAreRefreshedAndRead(Servers servers, @TempDir Path directory)
      throws Exception {
    Path file = Files.writeString(directory.resolve("keys.json"), first.text());
    try (Installed installed = installed(servers, file);
        Browser browser = new Browser();
        RedisClient redis = RedisClient.create(servers.redis())) {
      Node node = installed.node(EnumSet.allOf(Role.class));
      LiveKeyRing own = LiveKeyRing.of(file, Wrapping.NONE, new Quiet());
      installed.node(EnumSet.of(Role.EXCHANGER, Role.CREDENTIALS), own);
      KEYS.forEach(key -> browser.open(installed.connectLink(node.adminPort(), key)));
      refreshedAgain(installed, 1);

      Queue<String> problems = new ConcurrentLinkedQueue<>();
      try (Credentials credentials = follow(installed, file)) {
        Await.until("the pipeline is ready", credentials.ready()::isDone);
        Thread reader = Thread.ofVirtual().start(new Reader(credentials, problems));
        rotate(installed, file);
        KeyRing both = KeyRing.load(file);
        installed.judgeWith(both);
        retire(installed, file, both);

        redis.del(everyKey(redis, installed).toArray(String[]::new)); // all at once, as FLUSHALL
        refreshedAgain(installed, 1);
        KEYS.forEach(key -> assertThat(sealedWith(installed, key)).isEqualTo(both.primaryKeyId()));
        assertThat(own.current().keyIds()).containsExactly(both.primaryKeyId());
        reader.interrupt();
        reader.join();
      }
      assertThat(problems).isEmpty();
      installed.over();
    }
  }

  private static final class Quiet implements LiveKeyRing.Listener {
    @Override
    public void changed(KeyRing ring) {}

    @Override
    public void unreadable(String why) {
      throw new AssertionError(why);
    }
  }

  private void rotate(Installed installed, Path file) {
    Commands commands = new Commands(installed);
    Commands.Ended listed = commands.run("keys", "list");
    assertThat(listed.output()).contains(first.primaryKeyId() + "  primary").contains("6 creden");
    Commands.Ended rotated = commands.run("keys", "rotate", "--wait", "60s", "--rate", "50");
    assertThat(rotated.output())
        .contains("every process knows key", "every process seals with key", "left=0 unopenable=0");
    assertThat(rotated.exitCode()).isZero();
    KeyRing ring = KeyRing.load(file);
    assertThat(ring.keys()).hasSize(2);
    assertThat(ring.state(first.primaryKeyId())).contains(State.ENABLED);
    for (ConnectionKey key : KEYS) {
      assertThat(installed.witness().count(key, Change.RESEALED)).isLessThanOrEqualTo(1);
    }
  }

  private void retire(Installed installed, Path file, KeyRing both) {
    Commands commands = new Commands(installed);
    Commands.Ended early = commands.run("keys", "retire", "--remove", id(first.primaryKeyId()));
    assertThat(early.exitCode()).isEqualTo(1);
    assertThat(commands.run("keys", "retire", "--wait", "60s").exitCode()).isZero();
    assertThat(KeyRing.load(file).keyIds()).containsExactly(both.primaryKeyId());
    assertThat(commands.run("keys", "retire", "--remove").exitCode()).isZero();
    assertThat(KeyRing.load(file).keys()).hasSize(1);
  }

  private static String id(long key) {
    return Long.toString(key);
  }

  private static Credentials follow(Installed installed, Path file) {
    return Credentials.onKafka(
            Map.of("bootstrap.servers", installed.config().kafka().bootstrapServers()))
        .topics(new Topics(installed.config().topics().prefix()))
        .keyRing(file)
        .start();
  }

  /** Each connection so many times more than by now. */
  private static void refreshedAgain(Installed installed, int times) {
    Map<ConnectionKey, Long> before = new HashMap<>();
    KEYS.forEach(key -> before.put(key, installed.witness().count(key, Change.REFRESHED)));
    Await.within(
        Duration.ofSeconds(90),
        times + " more refreshes of each",
        () ->
            KEYS.stream()
                .allMatch(key ->
                    installed.witness().count(key, Change.REFRESHED)
                        >= before.getOrDefault(key, 0L) + times));
  }

  private static long sealedWith(Installed installed, ConnectionKey key) {
    return KeyRing.keyIdOf(
            Objects.requireNonNull(installed.witness().states(key).getLast().sealed()))
        .orElseThrow();
  }

  private static Set<String> everyKey(RedisClient redis, Installed installed) {
    return redis.keys(installed.config().redis().prefix() + ":*");
  }
}
