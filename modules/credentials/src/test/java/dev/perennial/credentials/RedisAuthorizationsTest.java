package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.CodeRecords.CodeBegin;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.authorization.CodeRecords.Vanished;
import dev.perennial.domain.authorization.ConnectSessions.ConnectSession;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.PendingAuthorizations.Grant;
import dev.perennial.domain.authorization.PendingAuthorizations.Hold;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** States, codes and sessions are each used once, whoever comes twice. */
@ExtendWith(RedisExtension.class)
class RedisAuthorizationsTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("google/acme");
  private static final Secret STATE = Secret.of("state-of-this-test");
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final PendingAuthorization PENDING =
      new PendingAuthorization(
          KEY, "auth-1", Secret.of("browser"), Secret.of("verifier"), null, null, Preparation.NONE);

  private RedisConnections redis;
  private RedisPendingAuthorizations pending;
  private RedisCodeRecords codes;

  @BeforeEach
  void connect(RedisConnections redis) {
    this.redis = redis;
    pending = new RedisPendingAuthorizations(redis, SHARDS, new SealedPayloads(new Unsealed()));
    codes = new RedisCodeRecords(redis, SHARDS, AttemptTimes.DEFAULT);
  }

  @Test
  void aStateIsHeldByOneCallbackAtATime() {
    pending.add(STATE, PENDING, LONG);
    assertThat(pending.hold(STATE, "one", LONG)).isEqualTo(new Hold.Held(PENDING));
    assertThat(pending.hold(STATE, "two", LONG)).isInstanceOf(Hold.Busy.class);
    assertThat(pending.hold(STATE, "one", LONG)).isEqualTo(new Hold.Held(PENDING));
  }

  @Test
  void aReleasedStateIsGoodAgain() {
    pending.add(STATE, PENDING, LONG);
    pending.hold(STATE, "one", LONG);
    pending.release(STATE, "two");
    assertThat(pending.hold(STATE, "two", LONG)).isInstanceOf(Hold.Busy.class);
    pending.release(STATE, "one");
    assertThat(pending.hold(STATE, "two", LONG)).isInstanceOf(Hold.Held.class);
  }

  @Test
  void aHoldEndsByItself() {
    pending.add(STATE, PENDING, LONG);
    pending.hold(STATE, "one", Duration.ZERO);
    assertThat(pending.hold(STATE, "two", LONG)).isInstanceOf(Hold.Held.class);
  }

  @Test
  void aSpentStateSaysWhoseItWas() {
    pending.add(STATE, PENDING, LONG);
    pending.hold(STATE, "one", LONG);
    pending.spend(STATE, "one");
    assertThat(pending.hold(STATE, "two", LONG)).isEqualTo(new Hold.Spent(KEY, "auth-1"));
  }

  @Test
  void anOldStateIsExpiredAndAnUnknownOneIsUnknown() {
    pending.add(STATE, PENDING, Duration.ZERO);
    assertThat(pending.hold(STATE, "one", LONG)).isEqualTo(new Hold.Expired(KEY));
    assertThat(pending.hold(Secret.of("never"), "one", LONG)).isInstanceOf(Hold.Unknown.class);
  }

  @Test
  void theStateItselfIsNotInRedis() {
    pending.add(STATE, PENDING, LONG);
    Set<String> named = redis.call(client -> client.keys("*" + STATE.reveal() + "*"));
    assertThat(named).isEmpty();
  }

  @Test
  void grantsRiseAndFollowTheClock() {
    long before = Instant.now().minusSeconds(1).toEpochMilli() * 1000;
    long first = pending.nextGrant(KEY).number();
    assertThat(first).isGreaterThan(before);
    assertThat(pending.nextGrant(KEY).number()).isGreaterThan(first);
  }

  @Test
  void aCodeBeginsOnce() {
    assertThat(begin("one")).isInstanceOf(CodeBegin.Begun.class);
    assertThat(begin("two")).isInstanceOf(CodeBegin.InFlight.class);
    assertThat(begin("one")).isInstanceOf(CodeBegin.Begun.class);
    assertThat(codes.progress(KEY, "auth-1")).isInstanceOf(Progress.Pending.class);
  }

  @Test
  void aCodeFromBeforeTheLastHealingIsLostUnlessItsRecordIsThere() {
    Grant before = pending.nextGrant(KEY);
    CodeReceived known = code("auth-1", before);
    codes.begin(known, "one");
    String shard = redis.settings().prefix() + ":{s" + SHARDS.of(KEY) + "}:shard";
    redis.call(client -> client.hset(shard, "fence_at", "12345"));
    assertThat(codes.begin(code("auth-2", before), "two")).isInstanceOf(CodeBegin.Lost.class);
    assertThat(codes.begin(known, "two")).isInstanceOf(CodeBegin.InFlight.class);
    assertThat(codes.begin(code("auth-3", pending.nextGrant(KEY)), "three"))
        .isInstanceOf(CodeBegin.Begun.class);
  }

  @Test
  void aFailedCodeKeepsItsFirstReason() {
    Reason first = new Reason("refused", "HTTP 400 invalid_grant");
    begin("one");
    codes.fail(KEY, "auth-1", first);
    codes.fail(KEY, "auth-1", Reason.of("outcome_unknown"));
    assertThat(begin("two")).isEqualTo(new CodeBegin.Failed(first));
    assertThat(codes.progress(KEY, "auth-1")).isEqualTo(new Progress.Failed(first));
  }

  @Test
  void storingTheTokensSettlesTheCode() {
    begin("one");
    RedisCredentialStore store = new RedisCredentialStore(redis, SHARDS, AttemptTimes.DEFAULT);
    IssuedTokens tokens =
        new IssuedTokens(Sealed.of(new byte[] {1}), Instant.EPOCH, null, null, "Bearer", null);
    store.put(KEY, 1, "auth-1", tokens);
    assertThat(begin("two")).isInstanceOf(CodeBegin.Connected.class);
    assertThat(codes.progress(KEY, "auth-1")).isInstanceOf(Progress.Connected.class);
    assertThat(codes.vanished(SHARDS.of(KEY), Instant.now().plus(Duration.ofDays(1)))).isEmpty();
  }

  @Test
  void aCodeThatNobodySettlesIsFoundAfterItsLease() {
    begin("one");
    assertThat(codes.vanished(SHARDS.of(KEY), Instant.now())).isEmpty();
    assertThat(codes.vanished(SHARDS.of(KEY), Instant.now().plus(Duration.ofMinutes(3))))
        .containsExactly(new Vanished(KEY, "auth-1"));
  }

  @Test
  void aCodeWhoseAnswerIsWrittenDownIsGoneOnWithAfterTheLease() {
    Sealed answer = Sealed.of(new byte[] {7});
    RedisCodeRecords hasty =
        new RedisCodeRecords(
            redis,
            SHARDS,
            new AttemptTimes(
                Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(6), LONG));
    CodeReceived code = code("auth-1", pending.nextGrant(KEY));
    codes.begin(code, "one");
    assertThat(codes.advance(KEY, "auth-1", "one", 1, answer)).isTrue();
    assertThat(codes.begin(code, "two")).isInstanceOf(CodeBegin.InFlight.class);
    assertThat(hasty.advance(KEY, "auth-1", "one", 1, answer)).isTrue();
    CodeBegin next =
        StoreFixture.await(() -> codes.begin(code, "two"), b -> b instanceof CodeBegin.Begun);
    assertThat(next)
        .isInstanceOfSatisfying(
            CodeBegin.Begun.class,
            begun -> {
              assertThat(begun.attempt()).isEqualTo("two");
              assertThat(begun.stage()).isEqualTo(1);
              assertThat(begun.staged()).isEqualTo(answer);
            });
    assertThat(codes.advance(KEY, "auth-1", "one", 2, answer)).isFalse();
  }

  @Test
  void aCodeThatMayBeAskedForAgainIsAskedForByTheNextRun() {
    RedisCodeRecords hasty =
        new RedisCodeRecords(
            redis,
            SHARDS,
            new AttemptTimes(
                Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(6), LONG));
    CodeReceived code = code("auth-1", pending.nextGrant(KEY));
    hasty.begin(code, "one");
    assertThat(hasty.advance(KEY, "auth-1", "one", 0, null)).isTrue();
    CodeBegin next =
        StoreFixture.await(() -> codes.begin(code, "two"), b -> b instanceof CodeBegin.Begun);
    assertThat(((CodeBegin.Begun) next).stage()).isZero();
    assertThat(((CodeBegin.Begun) next).staged()).isNull();
  }

  @Test
  void anExchangeWhoseRecordIsLostGoesOn() {
    assertThat(codes.advance(KEY, "never-begun", "one", 1, Sealed.of(new byte[] {7}))).isTrue();
    assertThat(codes.progress(KEY, "never-begun")).isInstanceOf(Progress.Pending.class);
  }

  @Test
  void aSettledCodeKeepsNoAnswer() {
    begin("one");
    codes.advance(KEY, "auth-1", "one", 1, Sealed.of(new byte[] {7}));
    codes.fail(KEY, "auth-1", Reason.of("refused"));
    String record = new Keys(redis.settings().prefix(), SHARDS).code(KEY, "auth-1");
    boolean kept = redis.call(client -> client.hexists(record, "staged"));
    assertThat(kept).isFalse();
    assertThat(codes.advance(KEY, "auth-1", "one", 1, Sealed.of(new byte[] {7}))).isFalse();
  }

  @Test
  void everythingOfAConnectionIsInTheSlotOfItsShard() {
    begin("one");
    RedisCredentialStore store = new RedisCredentialStore(redis, SHARDS, AttemptTimes.DEFAULT);
    store.put(
        KEY,
        1,
        "auth-2",
        new IssuedTokens(Sealed.of(new byte[] {1}), Instant.EPOCH, null, Instant.EPOCH, "", null));
    Keys keys = new Keys(redis.settings().prefix(), SHARDS);
    Set<String> all = redis.call(client -> client.keys(redis.settings().prefix() + "*"));
    assertThat(all)
        .hasSizeGreaterThan(SHARDS.count())
        .allMatch(key -> key.startsWith(keys.base(KEY)) || key.endsWith("}:shard"));
  }

  @Test
  void aConnectSessionIsGoodUntilOneConsentHasUsedItUp() {
    RedisConnectSessions sessions =
        new RedisConnectSessions(redis, SHARDS, new SealedPayloads(new Unsealed()));
    ConnectSession session =
        new ConnectSession(KEY, "https://app.example/done", Map.of("SHOP", "acme"));
    sessions.add(Secret.of("s1"), session, Instant.now(), LONG);
    assertThat(sessions.find(Secret.of("s1"))).contains(session);
    assertThat(sessions.find(Secret.of("s1"))).contains(session);
    assertThat(sessions.find(Secret.of("s2"))).isEmpty();
    assertThat(sessions.redeem(Secret.of("s1"), "one")).isTrue();
    assertThat(sessions.redeem(Secret.of("s1"), "one")).isTrue();
    assertThat(sessions.redeem(Secret.of("s1"), "two")).isFalse();
    assertThat(sessions.find(Secret.of("s1"))).isEmpty();
  }

  @Test
  void aStateThatIsRememberedAgainIsNew() {
    pending.add(STATE, PENDING, LONG);
    pending.hold(STATE, "one", LONG);
    pending.spend(STATE, "one");
    pending.add(STATE, PENDING, LONG);
    assertThat(pending.hold(STATE, "two", LONG)).isInstanceOf(Hold.Held.class);
  }

  @Test
  void aSessionThatHasBecomeTooOldDoesNotStopAConsent() {
    RedisConnectSessions sessions =
        new RedisConnectSessions(redis, SHARDS, new SealedPayloads(new Unsealed()));
    assertThat(sessions.redeem(Secret.of("gone"), "one")).isTrue();
  }

  @Test
  void theShardCountIsChosenOnce() {
    assertThat(RedisStartCheck.of(redis, SHARDS).problems()).isEmpty();
    assertThat(RedisStartCheck.of(redis, new dev.perennial.domain.Shards(5)).problems())
        .singleElement()
        .asString()
        .contains("4 shards", "configured as 5");
  }

  private CodeBegin begin(String attempt) {
    return codes.begin(code("auth-1", pending.nextGrant(KEY)), attempt);
  }

  private static CodeReceived code(String authorization, Grant grant) {
    return new CodeReceived(
        KEY,
        authorization,
        grant.number(),
        grant.healing(),
        Instant.EPOCH,
        Sealed.of(new byte[] {1}));
  }
}
