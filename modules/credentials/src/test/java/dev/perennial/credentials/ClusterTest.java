package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.devstack.EmbeddedRedis;
import dev.perennial.devstack.EmbeddedRedisCluster;
import dev.perennial.devstack.RedisUser;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.Shards;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.ConnectionSearch;
import dev.perennial.domain.credential.ConnectionSearch.Name;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.refresh.AttemptTimes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import redis.clients.jedis.Jedis;

/**
 * The scripts on a real cluster of three masters: where a shard is, and when it is moved or lost.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {
  private static final RedisUser USER = RedisUser.of(Path.of("../../docs/redis.md"));
  private static final Shards SHARDS = new Shards(16);
  private static final long GRANT = 4_000_000_000_000_000L;
  private static final String[] FIELDS = {"version", "attempt", "due_at", "sealed", "lease_until"};
  private static final List<ConnectionKey> KEYS =
      IntStream.range(0, 120).mapToObj(i -> ConnectionKey.parse("google/c" + i)).toList();

  private static EmbeddedRedisCluster cluster;
  private static RedisConnections redis;
  private static RedisCredentialStore store;

  @BeforeAll
  static void start() {
    cluster = EmbeddedRedisCluster.startTemporary(USER.options());
    redis = new RedisConnections(RedisSettings.of(asUser(cluster.uri()), "perennial"));
    store = new RedisCredentialStore(redis, SHARDS, AttemptTimes.DEFAULT);
    IntStream.range(0, SHARDS.count()).forEach(ClusterTest::heal);
    KEYS.forEach(
        key -> store.put(key, GRANT, "auth", StoreFixture.tokens("t", Duration.ofHours(1))));
  }

  @AfterAll
  static void stop() {
    redis.close();
    cluster.close();
  }

  /** The one that the documentation tells to make. */
  private static URI asUser(URI redis) {
    return URI.create(
        redis.toString().replaceFirst("://", "://perennial:" + RedisUser.PASSWORD + "@"));
  }

  private static void heal(int shard) {
    RedisShards shards = new RedisShards(redis, SHARDS);
    RedisShards.View view = shards.attend(shard, "topic", "journal", Duration.ZERO);
    shards.ready(shard, view.run(), view.topicOffset(), Duration.ZERO, Duration.ZERO);
  }

  private static int slot(int shard) {
    return cluster.slot(new Keys("perennial", SHARDS).shard(shard));
  }

  private static boolean ready(int shard) {
    return new RedisShards(redis, SHARDS).attend(shard, "topic", "journal", Duration.ZERO).ready();
  }

  private static Begin begin(ConnectionKey key, String attempt) {
    long version = store.find(key).orElseThrow().version();
    store.published(key, GRANT, version);
    return store.begin(key, version, attempt, ReuseWindow.NONE);
  }

  @Test
  @Order(1)
  void theShardsAreOnAllMasters() {
    Set<Integer> ports = new HashSet<>();
    for (int shard = 0; shard < SHARDS.count(); shard++) {
      ports.add(cluster.masterOf(slot(shard)).port());
    }
    assertThat(ports).hasSize(3);
    assertThat(redis.answers()).isTrue();
  }

  @Test
  @Order(2)
  void manyAreFoundTogetherWhereverTheyAre() {
    assertThat(store.find(KEYS)).hasSize(KEYS.size());
  }

  @Test
  @Order(3)
  void theListGoesThroughEveryMaster() {
    Set<ConnectionKey> listed = new HashSet<>();
    Set<String> masters = new HashSet<>();
    @Nullable String cursor = null;
    do {
      CredentialStore.Page page = store.list(cursor);
      page.states().forEach(state -> listed.add(state.key()));
      cursor = page.next();
      masters.add(String.valueOf(cursor));
    } while (cursor != null);
    assertThat(listed).containsExactlyInAnyOrderElementsOf(KEYS);
    assertThat(masters).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  @Order(3)
  void aSearchGoesThroughEveryMaster() {
    assertThat(found(new Name("c11", true), Optional.empty())).hasSize(11); // c11, c110 to c119
    assertThat(found(new Name("c", false), Optional.of(Status.ACTIVE)))
        .containsExactlyInAnyOrderElementsOf(KEYS);
    assertThat(found(new Name("c", false), Optional.of(Status.EXPIRED))).isEmpty();
    assertThatThrownBy(() -> store.search(ConnectionSearch.ALL, "0@127.0.0.1:1", 50))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Set<ConnectionKey> found(Name name, Optional<Status> status) {
    ConnectionSearch search =
        new ConnectionSearch(
            _ -> true,
            Optional.of("google"),
            Optional.of(name),
            status,
            Optional.empty(),
            Optional.empty());
    Set<ConnectionKey> found = new HashSet<>();
    @Nullable String cursor = null;
    do {
      CredentialStore.Page page = store.search(search, cursor, 10);
      page.states().forEach(state -> found.add(state.key()));
      cursor = page.next();
    } while (cursor != null);
    return found;
  }

  @Test
  @Order(4)
  void aCursorOfAMasterThatIsNoneIsRefused() {
    assertThatThrownBy(() -> store.list("0@127.0.0.1:1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Order(5)
  void everyMasterIsCheckedAtTheStart() {
    RedisStartCheck.Findings found = RedisStartCheck.of(redis, SHARDS);
    assertThat(found.problems()).isEmpty();
    assertThat(found.warnings()).hasSize(3).allMatch(it -> it.contains("min-replicas-to-write"));
    EmbeddedRedis one = cluster.masters().getFirst();
    try (RedisConnections alone =
        new RedisConnections(RedisSettings.of(asUser(one.uri()), "perennial"))) {
      assertThat(RedisStartCheck.of(alone, SHARDS).problems())
          .singleElement()
          .asString()
          .contains("redis-cluster");
    }
  }

  @Test
  @Order(6)
  void nothingIsHalfDoneWhileASlotIsMoved() {
    int shard = SHARDS.of(KEYS.getFirst());
    List<ConnectionKey> own = KEYS.stream().filter(key -> SHARDS.of(key) == shard).toList();
    EmbeddedRedisCluster.Move move = cluster.move(slot(shard));
    List<List<String>> before = hashes(own);

    move.open();
    do {
      for (ConnectionKey key : own) {
        assertThatThrownBy(() -> store.begin(key, 1, "half", ReuseWindow.NONE))
            .isInstanceOf(UnavailableException.class);
      }
      assertThatThrownBy(() -> ready(shard)).isInstanceOf(UnavailableException.class);
    } while (move.some(1));
    move.finish();

    assertThat(hashes(own)).isEqualTo(before);
    for (ConnectionKey key : own) {
      assertThatThrownBy(() -> store.begin(key, 1, "later", ReuseWindow.NONE))
          .as("the other master is another Redis")
          .isInstanceOf(NotReadyException.class);
    }
    heal(shard);
    assertThat(begin(own.getFirst(), "healed")).isInstanceOf(Begin.Begun.class);
  }

  private static List<List<String>> hashes(List<ConnectionKey> some) {
    Keys keys = new Keys("perennial", SHARDS);
    return some.stream()
        .map(key -> redis.call(client -> client.hmget(keys.connection(key), FIELDS)))
        .toList();
  }

  @Test
  @Order(7)
  void aMasterThatFailsTakesNoShardsButItsOwnAlong() {
    int lost = 3;
    EmbeddedRedis killed = cluster.masterOf(slot(lost));
    List<Integer> its = shards(shard -> cluster.masterOf(slot(shard)) == killed);
    List<Integer> others = shards(shard -> !its.contains(shard));

    killed.kill();
    others.forEach(shard -> assertThat(ready(shard)).as("shard " + shard).isTrue());
    assertThatThrownBy(() -> ready(lost)).isInstanceOf(UnavailableException.class);
    cluster.awaitSuccessor(slot(lost), killed);

    its.forEach(shard -> assertThat(afterFailover(shard)).as("shard " + shard).isFalse());
    others.forEach(shard -> assertThat(ready(shard)).as("shard " + shard).isTrue());
    its.forEach(ClusterTest::heal);
    ConnectionKey back =
        KEYS.stream().filter(key -> its.contains(SHARDS.of(key))).findFirst().orElseThrow();
    assertThat(begin(back, "anew")).as("its scripts are new there").isInstanceOf(Begin.Begun.class);
    assertThat(store.find(KEYS)).hasSize(KEYS.size());
  }

  @Test
  @Order(8)
  void theUserOfTheDocumentationWasDeniedNothing() {
    for (EmbeddedRedis node : cluster.masters()) {
      try (Jedis jedis = new Jedis(node.uri())) {
        assertThat(jedis.aclLog()).isEmpty();
      }
    }
  }

  private static List<Integer> shards(Predicate<Integer> which) {
    return new ArrayList<>(IntStream.range(0, SHARDS.count()).boxed().filter(which).toList());
  }

  /** Once the client has heard of the new master. */
  private static boolean afterFailover(int shard) {
    return StoreFixture.await(
            () -> {
              try {
                return List.of(ready(shard));
              } catch (UnavailableException e) {
                return List.<Boolean>of();
              }
            },
            answer -> !answer.isEmpty())
        .getFirst();
  }
}
