package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Begin.Begun;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.domain.refresh.DueIndex.Due;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A real Redis with healed shards, one connection, and short words for the steps of the protocol.
 * What needs a living lease uses the default one of two minutes; what needs a lease that is over
 * uses a hasty one and waits for it, or ends it in the hash.
 */
@ExtendWith(RedisExtension.class)
abstract class StoreFixture {
  static final ConnectionKey KEY = ConnectionKey.parse("google/acme");
  static final long GRANT = 4_000_000_000_000_000L; // after every healing
  static final int SHARD = SHARDS.of(KEY);
  static final Duration NO_WAIT = Duration.ZERO;
  static final Duration REEMIT = Duration.ofHours(1);
  static final AttemptTimes HASTY =
      new AttemptTimes(
          Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(6), Duration.ofSeconds(1));

  RedisConnections redis;
  RedisCredentialStore store;
  RedisCredentialStore hasty;
  RedisDueIndex index;
  RedisCodeRecords codes;
  RedisShards shards;

  @BeforeEach
  void connect(RedisConnections redis) {
    this.redis = redis;
    store = new RedisCredentialStore(redis, SHARDS, AttemptTimes.DEFAULT);
    hasty = new RedisCredentialStore(redis, SHARDS, HASTY);
    index = new RedisDueIndex(redis, SHARDS);
    codes = new RedisCodeRecords(redis, SHARDS, AttemptTimes.DEFAULT);
    shards = new RedisShards(redis, SHARDS);
  }

  CredentialState connected() {
    return put("first", GRANT, Duration.ofHours(1));
  }

  CredentialState put(String text, long grant, Duration life) {
    Put put = store.put(KEY, grant, "auth-" + grant, tokens(text, life));
    return ((Put.Stored) put).state();
  }

  Begin begin(long version, String attempt) {
    return store.begin(KEY, version, attempt, ReuseWindow.NONE);
  }

  Begin hastily(long version, String attempt) {
    return hasty.begin(KEY, version, attempt, ReuseWindow.NONE);
  }

  static Attempt begun(Begin begin) {
    assertThat(begin).isInstanceOf(Begun.class);
    return ((Begun) begin).attempt();
  }

  CredentialState commit(Attempt attempt, String text) {
    Commit commit = store.commit(KEY, attempt, true, tokens(text));
    return ((Commit.Committed) commit).state().orElseThrow();
  }

  Optional<CredentialState> failed(Attempt attempt, Kind kind) {
    return store.fail(KEY, attempt, failure(kind, NO_WAIT));
  }

  static Failure failure(Kind kind, Duration retryIn) {
    return new Failure(kind, new Reason(kind.text(), "because"), retryIn, null);
  }

  void published(CredentialState state) {
    store.published(KEY, state.grant(), state.version());
  }

  List<CredentialState> outbox() {
    return store.unpublished(SHARD, NO_WAIT);
  }

  List<Due> claim() {
    return index.claim(SHARD, 200, REEMIT);
  }

  String connectionHash() {
    return keys().connection(KEY);
  }

  String shardHash() {
    return keys().shard(SHARD);
  }

  private Keys keys() {
    return new Keys(redis.settings().prefix(), SHARDS);
  }

  @Nullable String field(String name) {
    return redis.call(client -> client.hget(connectionHash(), name));
  }

  void field(String name, long value) {
    redis.call(client -> client.hset(connectionHash(), name, Long.toString(value)));
  }

  @Nullable String shardField(String name) {
    return redis.call(client -> client.hget(shardHash(), name));
  }

  void shardField(String name, String value) {
    redis.call(client -> client.hset(shardHash(), name, value));
  }

  void dropShardFields(String... names) {
    redis.call(client -> client.hdel(shardHash(), names));
  }

  /** As a Redis that was emptied or replaced: what was healed is not here any more. */
  void unfence() {
    dropShardFields("fence", "healing");
  }

  /** The attempt's worker has said nothing, and its lease has been over for so long. */
  void leaseOverSince(Duration ago) {
    field("lease_until", Instant.now().minus(ago).toEpochMilli());
  }

  RedisShards.View attend() {
    return shards.attend(SHARD, "topic", "journal", Duration.ZERO);
  }

  /** A code that was received with the grant that the store gives out now. */
  CodeReceived code(String authorization) {
    Reply grant =
        new ConnectionScripts(redis, keys())
            .run(Script.GRANT, KEY, new Arguments().text(keys().base(KEY)).text(KEY.toString()));
    return new CodeReceived(
        KEY, authorization, GRANT, grant.text(1), Instant.EPOCH, sealed("code"));
  }

  /** The version after one that was given out before the last healing. */
  long afterHealing(long version) {
    return Math.max(version + 17, Long.parseLong(String.valueOf(shardField("epoch"))));
  }

  @Nullable String dueField() {
    return field("due_at");
  }

  /** When the due index comes back to the connection. */
  Instant dueAt() {
    return Instant.ofEpochMilli(Long.parseLong(Objects.requireNonNull(dueField())));
  }

  static IssuedTokens tokens(String text) {
    return tokens(text, Duration.ofHours(1));
  }

  static IssuedTokens tokens(String text, Duration life) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Instant end = now.plus(life);
    Instant due = now.plus(life.multipliedBy(3).dividedBy(4)).truncatedTo(ChronoUnit.MILLIS);
    return new IssuedTokens(sealed(text), now, end, due, "Bearer", "mail");
  }

  static Sealed sealed(String text) {
    return Sealed.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Asks again until the answer is the one waited for, for at most five seconds. */
  static <T> T await(Supplier<T> ask, Predicate<T> enough) {
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    T answer = ask.get();
    while (!enough.test(answer) && System.nanoTime() < end) {
      Thread.onSpinWait();
      answer = ask.get();
    }
    return answer;
  }
}
