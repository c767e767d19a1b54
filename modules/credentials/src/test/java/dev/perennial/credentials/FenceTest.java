package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.devstack.EmbeddedRedis;
import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Redis that is not the one that was healed does nothing and says so. */
class FenceTest extends StoreFixture {
  private static final Attempt BEGUN =
      new Attempt("a", 0, GRANT, 1, sealed("first"), 0, Instant.EPOCH, false);

  private static final CodeReceived CODE =
      new CodeReceived(KEY, "next", GRANT, "healing", Instant.EPOCH, sealed("code"));

  interface Work {
    void on(CredentialStore store, CodeRecords codes, RedisPendingAuthorizations pending);
  }

  record Step(String name, Work work) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Step> fenced() {
    return Stream.of(
        new Step("begin", (store, _, _) -> store.begin(KEY, 1, "a", ReuseWindow.NONE)),
        new Step("commit", (store, _, _) -> store.commit(KEY, BEGUN, true, tokens("second"))),
        new Step("fail", (store, _, _) -> store.fail(KEY, BEGUN, failure(Kind.REFUSED, NO_WAIT))),
        new Step("put", (store, _, _) -> store.put(KEY, GRANT + 1, "next", tokens("consent"))),
        new Step("expire", (store, _, _) -> store.expire(KEY, GRANT, 1)),
        new Step("delete", (store, _, _) -> store.delete(KEY, GRANT + 1)),
        new Step("published", (store, _, _) -> store.published(KEY, GRANT, 1)),
        new Step("postpone", (store, _, _) -> store.postpone(KEY, 1, Duration.ofHours(1))),
        new Step("grant", (_, _, pending) -> pending.nextGrant(KEY)),
        new Step("code_begin", (_, codes, _) -> codes.begin(CODE, "a")),
        new Step("code_advance", (_, codes, _) -> codes.advance(KEY, "auth", "a", 0, null)),
        new Step(
            "code_fail", (_, codes, _) -> codes.fail(KEY, "auth", Reason.of(Reason.SUPERSEDED))));
  }

  @ParameterizedTest
  @MethodSource("fenced")
  void isNotReadyAfterRedisWasEmptied(Step step) {
    connected();
    begin(1, "a");
    unfence();
    isNotReady(step);
  }

  @ParameterizedTest
  @MethodSource("fenced")
  void isNotReadyAfterAFailover(Step step) {
    connected();
    begin(1, "a");
    shardField("fence", "0123456789abcdef0123456789abcdef01234567");
    isNotReady(step);
  }

  private void isNotReady(Step step) {
    RedisPendingAuthorizations pending =
        new RedisPendingAuthorizations(redis, SHARDS, new SealedPayloads(new Unsealed()));
    Map<String, String> before = everything();
    assertThatThrownBy(() -> step.work().on(store, codes, pending))
        .isInstanceOf(NotReadyException.class)
        .hasMessageContaining("shard " + SHARD);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void nothingIsClaimedFromAnUnfencedShard() {
    put("first", GRANT, Duration.ofMillis(1));
    unfence();
    assertThat(claim()).isEmpty();
    heal();
    assertThat(claim()).hasSize(1);
  }

  @Test
  void anUnfencedShardHasNothingToPublish() {
    connected();
    unfence();
    assertThat(outbox()).isEmpty();
    heal();
    assertThat(outbox()).hasSize(1);
  }

  @Test
  void noCodeHasVanishedFromAnUnfencedShard() {
    codes.begin(code("auth"), "a");
    Instant late = Instant.now().plus(Duration.ofHours(1));
    unfence();
    assertThat(codes.vanished(SHARD, late)).isEmpty();
    heal();
    assertThat(codes.vanished(SHARD, late)).hasSize(1);
  }

  @Test
  void whatIsStoredCanBeReadAllTheSame() {
    connected();
    unfence();
    assertThat(store.find(KEY)).isPresent();
    boolean stored = redis.call(client -> client.exists(connectionHash()));
    assertThat(stored).isTrue();
  }

  @Test
  void aRestartOfRedisIsNoticedWithAllOfItsData() {
    try (EmbeddedRedis server = EmbeddedRedis.startTemporary();
        RedisConnections first = new RedisConnections(RedisSettings.of(server.uri(), "p"))) {
      RedisExtension.heal(first);
      RedisCredentialStore before = new RedisCredentialStore(first, SHARDS, AttemptTimes.DEFAULT);
      before.put(KEY, GRANT, "auth", tokens("first"));
      server.restart();
      try (RedisConnections second = new RedisConnections(RedisSettings.of(server.uri(), "p"))) {
        RedisCredentialStore after = new RedisCredentialStore(second, SHARDS, AttemptTimes.DEFAULT);
        assertThat(after.find(KEY)).isPresent();
        assertThatThrownBy(() -> after.begin(KEY, 1, "a", ReuseWindow.NONE))
            .isInstanceOf(NotReadyException.class);
        RedisExtension.heal(second);
        assertThat(after.begin(KEY, 1, "a", ReuseWindow.NONE)).isInstanceOf(Begin.Begun.class);
      }
    }
  }

  private void heal() {
    RedisShards.View view = attend();
    shards.ready(SHARD, view.run(), view.topicOffset(), Duration.ZERO, Duration.ZERO);
  }

  /** Every key and what is there. */
  private Map<String, String> everything() {
    Map<String, String> all = new TreeMap<>();
    for (String key : redis.call(client -> client.keys(redis.settings().prefix() + "*"))) {
      all.put(key, HexFormat.of().formatHex(redis.call(client -> client.dump(key))));
    }
    return all;
  }
}
