package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.Event.AnswerJournaled;
import dev.perennial.domain.event.Event.ConsentJournaled;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.refresh.AttemptTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** The owner of a shard, turned by hand, between a real Redis and topics in memory. */
abstract class OwnerFixture extends StoreFixture {
  static final AttemptTimes TIMES = AttemptTimes.DEFAULT;

  final MemoryTopics topics = new MemoryTopics(SHARDS);
  boolean everDue = true;
  List<Duration> leads = List.of();
  ShardOwner owner;

  @BeforeEach
  void own(RedisConnections redis) {
    emptyRedis();
    owner = owner();
  }

  ShardOwner owner() {
    return new ShardOwner(
        SHARD,
        new ShardOwner.Tools(
            redis,
            SHARDS,
            TIMES,
            store,
            codes,
            topics,
            topics.topic,
            topics.journal,
            _ -> everDue,
            InstantSource.system(),
            leads));
  }

  /** Turns until there is nothing to do. */
  void work() {
    for (int turns = 0; owner.turn() || !owner.ready(); turns++) {
      assertThat(turns).isLessThan(200);
    }
    owner.turn();
  }

  void turn() {
    try {
      owner.turn();
    } catch (UnavailableException e) {
      assertThat(e).hasMessageContaining("away");
    }
  }

  CredentialState said(CredentialState state) {
    onTopic(state);
    published(state);
    return state;
  }

  CredentialState onTopic(CredentialState state) {
    topics.topic.append(SHARD, new CredentialUpdated(state));
    return state;
  }

  CredentialState current() {
    return store.find(KEY).orElseThrow();
  }

  long tokenGen() {
    return current().tokenGen();
  }

  /** Begins after the quarantine. */
  Begin liftedBegin(CredentialState state) {
    if (attend().quarantined()) {
      quarantineEnds();
      work();
    }
    return begin(state.version(), "a");
  }

  void quarantineEnds() {
    shardField("quarantine", "1");
  }

  /** An attempt of long ago, of a token at its end. */
  Attempt vanished() {
    put("first", GRANT, Duration.ofMillis(1));
    Attempt attempt = begun(liftedBegin(current()));
    leaseOverSince(TIMES.lease().plus(TIMES.delivery()));
    dropShardFields("journal_until");
    return attempt;
  }

  void ageOutbox() {
    redis.call(
        client -> client.zadd(shardHash().replace("shard", "unpublished"), 1, KEY.toString()));
  }

  void heldBack(CredentialState state) {
    field("version", state.version());
    field("token_gen", state.tokenGen());
    field("published", state.version());
  }

  void emptyRedis() {
    redis
        .call(client -> client.keys(redis.settings().prefix() + "*"))
        .forEach(key -> redis.call(client -> client.del(key)));
  }

  Map<String, byte[]> dump() {
    Map<String, byte[]> all = new HashMap<>();
    for (String key : redis.call(client -> client.keys(redis.settings().prefix() + "*"))) {
      all.put(key, redis.call(client -> client.dump(key)));
    }
    return all;
  }

  /** As a replica that was behind and took over: another run id than the one it was fenced for. */
  void restore(Map<String, byte[]> backup) {
    emptyRedis();
    backup.forEach((key, bytes) -> redis.call(client -> client.restore(key, 0, bytes)));
    shardField("fence", "0123456789abcdef0123456789abcdef01234567");
    shardField("healing", "0123456789abcdef0123456789abcdef01234567");
  }

  static CredentialState state(long tokenGen, long version, String text) {
    return new CredentialState(
        KEY,
        GRANT,
        tokenGen,
        version,
        Status.ACTIVE,
        Change.REFRESHED,
        null,
        sealed(text),
        Instant.EPOCH,
        null,
        null,
        "Bearer",
        null,
        Instant.EPOCH);
  }

  static AnswerJournaled answer(long base, String text) {
    return new AnswerJournaled(KEY, "a", 0, true, GRANT, base, tokens(text), Instant.EPOCH);
  }

  static ConsentJournaled consent(String authorization, long grant) {
    return new ConsentJournaled(KEY, authorization, grant, tokens("consent"), Instant.EPOCH);
  }
}
