package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.EmbeddedRedis;
import dev.perennial.devstack.EmbeddedRedisCluster;
import dev.perennial.devstack.EmbeddedRedisSentinel;
import dev.perennial.devstack.RedisUser;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import dev.perennial.domain.credential.Change;
import dev.perennial.prove.guarantee.Disturbance;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;

/**
 * Refreshes go on while Redis fails over or is reshaped, as the user of docs/redis.md, and every
 * guarantee is judged at the end: no refresh token is spent twice, nothing is lost.
 */
@ExtendWith(ServersExtension.class)
class RedisFailoverTest {
  private static final RedisUser USER = RedisUser.of(Path.of("../../docs/redis.md"));
  private static final int SHARDS = 12;
  private static final Duration BACK = Duration.ofSeconds(90);

  /** As docs/redis.md says: a master without a replica that is in step takes no writes. */
  private static final String[] IN_STEP = {
    "--min-replicas-to-write", "1", "--min-replicas-max-lag", "4"
  };

  /** Longer than a busy machine stops a healthy node for, else it is replaced while it lives. */
  private static final String[] NODE_TIMEOUT = {"--cluster-node-timeout", "5000"};

  private static final List<ConnectionKey> KEYS =
      IntStream.range(0, 18).mapToObj(i -> ConnectionKey.parse("strict/c" + i)).toList();

  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          ProviderProfile.named("strict").accessTokenLife(Duration.ofSeconds(32)).build());

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void aMasterOfAClusterIsKilled(Servers servers) {
    try (EmbeddedRedisCluster cluster = cluster();
        Installed installed = installed(servers, cluster.uri())) {
      connectAll(installed);
      int lost = slot(cluster, KEYS.getFirst());
      EmbeddedRedis killed = cluster.masterOf(lost);
      Predicate<ConnectionKey> its = key -> cluster.masterOf(slot(cluster, key)) == killed;
      List<ConnectionKey> suffering = KEYS.stream().filter(its).toList();
      List<ConnectionKey> others = KEYS.stream().filter(its.negate()).toList();
      Map<ConnectionKey, String> before = epochs(cluster, others);

      Instant at = Instant.now();
      killed.kill();
      EmbeddedRedis successor = cluster.awaitSuccessor(lost, killed);
      Instant promoted = Instant.now();
      killed.restart(); // its successor has no other replica
      refreshedSince(installed, others, at);
      refreshedSince(installed, suffering, promoted);
      installed.disturbed(new Disturbance(Disturbance.Kind.REDIS, "", at, promoted));
      say("cluster: master killed", at, promoted);

      assertThat(epochs(cluster, others)).as("others were not fenced").isEqualTo(before);
      cluster.awaitWhole();
      nothingWasDenied(cluster.nodes());
      assertThat(successor.isAlive()).isTrue();
    }
  }

  @Test
  void aSlotIsMovedToAnotherMaster(Servers servers) {
    try (EmbeddedRedisCluster cluster = cluster();
        Installed installed = installed(servers, cluster.uri())) {
      connectAll(installed);
      int moved = slot(cluster, KEYS.getFirst());
      EmbeddedRedisCluster.Move move = cluster.move(moved);

      Instant at = Instant.now();
      move.open();
      while (move.some(1)) {
        Await.until("refreshes go on elsewhere", () -> refreshes(installed, at) > 0);
      }
      move.finish();
      Instant done = Instant.now();
      refreshedSince(installed, KEYS, done);
      installed.disturbed(new Disturbance(Disturbance.Kind.REDIS, "", at, done));
      say("cluster: slot moved", at, done);

      assertThat(cluster.masterOf(moved)).isEqualTo(move.to());
      nothingWasDenied(cluster.nodes());
    }
  }

  @Test
  void theMasterBehindSentinelsIsKilled(Servers servers) {
    try (EmbeddedRedisSentinel watched = watched();
        Installed installed = installed(servers, watched.uri())) {
      connectAll(installed);
      EmbeddedRedis killed = watched.master();

      Instant at = Instant.now();
      killed.kill();
      watched.awaitSuccessor(killed);
      Instant promoted = Instant.now();
      refreshedSince(installed, KEYS, promoted);
      installed.disturbed(new Disturbance(Disturbance.Kind.REDIS, "", at, promoted));
      say("sentinel: master killed", at, promoted);

      nothingWasDenied(watched.servers());
    }
  }

  @Test
  void aMasterWithoutAReplicaTakesNothingAndNothingIsLost(Servers servers) {
    try (EmbeddedRedisSentinel watched = watched();
        Installed installed = installed(servers, watched.uri())) {
      connectAll(installed);
      List<EmbeddedRedis> replicas =
          watched.servers().stream().filter(it -> it.port() != watched.master().port()).toList();

      Instant at = Instant.now();
      replicas.forEach(EmbeddedRedis::kill);
      Await.until("writes are refused", () -> refused(watched.master()));
      replicas.forEach(EmbeddedRedis::restart);
      Instant back = Instant.now();
      refreshedSince(installed, KEYS, back);
      installed.disturbed(new Disturbance(Disturbance.Kind.REDIS, "", at, back));
      say("sentinel: replicas away", at, back);
    }
  }

  private static boolean refused(EmbeddedRedis master) {
    try (Jedis jedis = new Jedis(master.uri())) {
      jedis.set("any", "thing");
      return false;
    } catch (redis.clients.jedis.exceptions.JedisDataException e) {
      return String.valueOf(e.getMessage()).startsWith("NOREPLICAS");
    }
  }

  private Installed installed(Servers servers, URI redis) {
    URI asUser =
        URI.create(
            redis.toString().replaceFirst("://", "://perennial:" + RedisUser.PASSWORD + "@"));
    return Installed.on(new OtherRedis(servers.kafka(), asUser))
        .flag("redis.prefix", "perennial")
        .flag("shards", Integer.toString(SHARDS))
        .flag("refresh.deadline", "3s") // the times of the demo and of prove
        .flag("refresh.lease", "8s")
        .flag("refresh.reemit", "10s")
        .flag("refresh.delivery", "5s")
        .judgedBy(simulator)
        .definition("strict", Definitions.of(simulator.provider("strict")))
        .variable("PERENNIAL_STRICT_CLIENT_ID", "sim-client")
        .variable("PERENNIAL_STRICT_CLIENT_SECRET", "sim-secret")
        .build();
  }

  private static EmbeddedRedisCluster cluster() {
    return EmbeddedRedisCluster.startTemporary(options(USER.options(), IN_STEP, NODE_TIMEOUT));
  }

  private static EmbeddedRedisSentinel watched() {
    return EmbeddedRedisSentinel.startTemporary(options(USER.options(), IN_STEP));
  }

  private static String[] options(String[]... some) {
    return Stream.of(some).flatMap(Stream::of).toArray(String[]::new);
  }

  /** Each has been refreshed once, so that refreshes go on all the time from here. */
  private static void connectAll(Installed installed) {
    Node node = installed.node(EnumSet.allOf(Role.class));
    try (Browser browser = new Browser()) {
      for (ConnectionKey key : KEYS) {
        URI link = installed.connectLink(node.adminPort(), key);
        assertThat(browser.open(link).statusCode()).as(key + " is connected").isEqualTo(200);
      }
    }
    KEYS.forEach(key -> installed.witness().await(key, Change.REFRESHED, 1));
  }

  private static void refreshedSince(Installed installed, List<ConnectionKey> keys, Instant since) {
    for (ConnectionKey key : keys) {
      Await.within(BACK, key + " is refreshed again", () -> refreshed(installed, key, since));
    }
  }

  private static boolean refreshed(Installed installed, ConnectionKey key, Instant since) {
    return installed.witness().states(key).stream()
        .anyMatch(it -> it.change() == Change.REFRESHED && it.changedAt().isAfter(since));
  }

  private static long refreshes(Installed installed, Instant since) {
    return KEYS.stream().filter(key -> refreshed(installed, key, since)).count();
  }

  private static void say(String what, Instant at, Instant promoted) {
    System.out.printf(
        "%s: another serves after %d ms, all refreshed again after %d ms%n",
        what,
        Duration.between(at, promoted).toMillis(),
        Duration.between(at, Instant.now()).toMillis());
  }

  private static String shardHash(ConnectionKey key) {
    return "perennial:{s" + new Shards(SHARDS).of(key) + "}:shard";
  }

  private static int slot(EmbeddedRedisCluster cluster, ConnectionKey key) {
    return cluster.slot(shardHash(key));
  }

  /** How often each connection's shard was healed. */
  private static Map<ConnectionKey, String> epochs(
      EmbeddedRedisCluster cluster, List<ConnectionKey> keys) {
    return keys.stream().collect(Collectors.toMap(key -> key, key -> epoch(cluster, key)));
  }

  private static String epoch(EmbeddedRedisCluster cluster, ConnectionKey key) {
    try (Jedis jedis = new Jedis(cluster.masterOf(slot(cluster, key)).uri())) {
      return Objects.requireNonNull(jedis.hget(shardHash(key), "epoch"));
    }
  }

  /** The page's list of commands and keys is long enough for everything that happened. */
  private static void nothingWasDenied(List<EmbeddedRedis> nodes) {
    for (EmbeddedRedis node : nodes) {
      if (node.isAlive()) {
        try (Jedis jedis = new Jedis(node.uri())) {
          assertThat(jedis.aclLog()).as("denied at " + node.uri()).isEmpty();
        }
      }
    }
  }

  private record OtherRedis(String kafka, URI redis) implements Servers {
    @Override
    public void close() {}
  }
}
