package dev.perennial.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.credentials.Resealing.Outcome;
import dev.perennial.credentials.SealedItem.Kind;
import dev.perennial.credentials.SealedItem.Place;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** What is sealed anew, what of it is said, and what stands still meanwhile. */
class ResealTest extends OwnerFixture {
  /** Says which key sealed: the plain bytes stand behind the name of one of two keys. */
  private static final class Named implements Sealer {
    private final String key;

    Named(String key) {
      this.key = key;
    }

    @Override
    public Sealed seal(ConnectionKey connection, Purpose purpose, byte[] plain) {
      return sealed(key + ":" + purpose + ":" + new String(plain, UTF_8));
    }

    @Override
    public byte[] open(ConnectionKey connection, Purpose purpose, Sealed sealed) {
      String text = new String(sealed.bytes(), UTF_8);
      String head = "old:" + purpose + ":";
      if (!text.startsWith(head)) {
        throw new UnsealableException(connection + ": not sealed with the old key: " + text);
      }
      return text.substring(head.length()).getBytes(UTF_8);
    }
  }

  private static final String OLD = "old:CREDENTIAL:";
  private static final String NEW = "new:CREDENTIAL:";

  private SealedScan scan;
  private Resealing resealing;

  @BeforeEach
  void prepare() {
    scan = new SealedScan(redis, RedisExtension.SHARDS);
    resealing = new Resealing(redis, RedisExtension.SHARDS, topics, new Named("new"));
    work();
  }

  private CredentialState first() {
    return said(put(OLD + "first", GRANT, Duration.ofHours(1)));
  }

  private SealedItem found(Kind kind) {
    return all().stream().filter(item -> item.kind() == kind).findFirst().orElseThrow();
  }

  private List<SealedItem> all() {
    List<SealedItem> items = new ArrayList<>();
    scan.all(items::addAll);
    return items.stream().filter(item -> item.key().equals(KEY)).toList();
  }

  private Outcome reseal(SealedItem item) {
    return resealing.reseal(List.of(item)).getFirst();
  }

  // The rows of reseal.lua

  @Test
  void theSameTokensBecomeANewVersionWithTheOtherKey() {
    CredentialState before = first();
    assertThat(reseal(found(Kind.CREDENTIAL))).isEqualTo(Outcome.RESEALED);
    CredentialState after = current();
    assertThat(after.sealed()).isEqualTo(sealed(NEW + "first"));
    assertThat(after.change()).isEqualTo(Change.RESEALED);
    assertThat(after.version()).isGreaterThan(before.version());
    assertThat(after.tokenGen()).isEqualTo(before.tokenGen());
    assertThat(after.grant()).isEqualTo(before.grant());
    assertThat(after.status()).isEqualTo(Status.ACTIVE);
    assertThat(after.issuedAt()).isEqualTo(before.issuedAt());
    assertThat(after.expiresAt()).isEqualTo(before.expiresAt());
    assertThat(topics.states(SHARD)).containsExactly(before, after);
    assertThat(outbox()).isEmpty();
  }

  @Test
  void attemptLeaseAndDueTimeStayAsTheyAre() {
    Attempt attempt = begun(liftedBegin(first()));
    String due = dueField();
    String lease = field("lease_until");
    assertThat(reseal(found(Kind.CREDENTIAL))).isEqualTo(Outcome.RESEALED);
    assertThat(dueField()).isEqualTo(due);
    assertThat(field("lease_until")).isEqualTo(lease);
    assertThat(field("attempt")).isEqualTo(attempt.id());
  }

  @Test
  void whatHasChangedSinceItWasReadIsLeftAlone() {
    first();
    SealedItem read = found(Kind.CREDENTIAL);
    CredentialState second = said(put(OLD + "second", GRANT + 1, Duration.ofHours(1)));
    assertThat(reseal(read)).isEqualTo(Outcome.CHANGED);
    assertThat(current()).isEqualTo(second);
  }

  @Test
  void theSameVersionWithOtherBytesIsLeftAlone() {
    first();
    SealedItem read = found(Kind.CREDENTIAL);
    SealedItem other = new SealedItem(read.kind(), KEY, sealed(OLD + "other"), read.place());
    assertThat(reseal(other)).isEqualTo(Outcome.CHANGED);
    assertThat(current().sealed()).isEqualTo(sealed(OLD + "first"));
  }

  @Test
  void whatIsGoneIsLeftAlone() {
    first();
    SealedItem read = found(Kind.CREDENTIAL);
    redis.call(client -> client.del(connectionHash()));
    assertThat(reseal(read)).isEqualTo(Outcome.CHANGED);
  }

  @Test
  void newsAreSaidBeforeTheyAreSealedAnew() {
    CredentialState unsaid = put(OLD + "first", GRANT, Duration.ofHours(1));
    assertThat(reseal(found(Kind.CREDENTIAL))).isEqualTo(Outcome.CHANGED);
    assertThat(topics.states(SHARD)).containsExactly(unsaid);
    assertThat(current()).isEqualTo(unsaid);
    assertThat(reseal(found(Kind.CREDENTIAL))).isEqualTo(Outcome.RESEALED);
  }

  @Test
  void aFencedShardIsLeftAlone() {
    first();
    SealedItem read = found(Kind.CREDENTIAL);
    unfence();
    assertThatThrownBy(() -> reseal(read)).isInstanceOf(NotReadyException.class);
  }

  @Test
  void whatNoKeyOpensIsSaidToBeSo() {
    put("foreign", GRANT, Duration.ofHours(1));
    assertThat(reseal(found(Kind.CREDENTIAL))).isEqualTo(Outcome.UNOPENABLE);
  }

  @Test
  void twoAtOnceMakeOneVersion() {
    first();
    SealedItem read = found(Kind.CREDENTIAL);
    assertThat(resealing.reseal(List.of(read, read)))
        .containsExactly(Outcome.RESEALED, Outcome.CHANGED);
    assertThat(topics.states(SHARD)).hasSize(2);
  }

  @Test
  void theReasonOfAFailureIsKept() {
    first();
    Attempt attempt = begun(liftedBegin(current()));
    said(failed(attempt, Failure.Kind.UNAVAILABLE).orElseThrow());
    Reason reason = current().reason();
    assertThat(reseal(found(Kind.CREDENTIAL))).isEqualTo(Outcome.RESEALED);
    assertThat(current().status()).isEqualTo(Status.REFRESH_FAILING);
    assertThat(current().reason()).isEqualTo(reason).isNotNull();
  }

  // Among others

  @Test
  void anAttemptThatBeganBeforeCommitsAfterIt() {
    Attempt attempt = begun(liftedBegin(first()));
    reseal(found(Kind.CREDENTIAL));
    CredentialState second = commit(attempt, NEW + "second");
    assertThat(second.status()).isEqualTo(Status.ACTIVE);
    assertThat(second).isGreaterThan(topics.states(SHARD).getLast());
  }

  @Test
  void anEventThatNamesTheVersionBeforeBeginsAsIfNothingHadHappened() {
    CredentialState before = first();
    reseal(found(Kind.CREDENTIAL));
    assertThat(liftedBegin(before)).isInstanceOf(Begin.Begun.class);
  }

  @Test
  void afterARefreshTheVersionBeforeIsStale() {
    CredentialState before = first();
    reseal(found(Kind.CREDENTIAL));
    said(commit(begun(liftedBegin(before)), NEW + "second"));
    assertThat(begin(before.version(), "b")).isInstanceOf(Begin.Stale.class);
  }

  @Test
  void aProbeSpendsWhatTheAttemptSpentThatVanished() {
    put(OLD + "first", GRANT, Duration.ofMillis(1));
    said(current());
    begun(liftedBegin(current()));
    leaseOverSince(TIMES.lease().plus(TIMES.delivery()));
    dropShardFields("journal_until");
    reseal(found(Kind.CREDENTIAL));
    begin(current().version(), "b");
    work();
    Attempt probe = begun(begin(current().version(), "c"));
    assertThat(probe.probe()).isTrue();
    assertThat(probe.sealed()).isEqualTo(sealed(NEW + "first"));
  }

  @Test
  void aDeletionWinsOverIt() {
    first();
    SealedItem read = found(Kind.CREDENTIAL);
    said(store.delete(KEY, GRANT + 1).orElseThrow());
    assertThat(reseal(read)).isEqualTo(Outcome.CHANGED);
    assertThat(all()).isEmpty();
  }

  @Test
  void anEmptiedRedisIsBuiltAgainWithTheOtherKey() {
    first();
    reseal(found(Kind.CREDENTIAL));
    CredentialState resealed = current();
    emptyRedis();
    work();
    assertThat(current()).isEqualTo(resealed);
  }

  @Test
  void anOldVersionThatArrivesLateIsNotLeftLast() {
    CredentialState before = first();
    reseal(found(Kind.CREDENTIAL));
    CredentialState resealed = current();
    onTopic(before);
    work();
    assertThat(topics.states(SHARD).getLast()).isEqualTo(resealed);
  }

  @Test
  void whatWasNotSaidIsInTheOutbox() {
    first();
    topics.unreached = 1;
    SealedItem read = found(Kind.CREDENTIAL);
    assertThatThrownBy(() -> reseal(read)).hasMessageContaining("away");
    assertThat(outbox()).containsExactly(current());
    assertThat(current().change()).isEqualTo(Change.RESEALED);
  }

  // What is never published

  @Test
  void aStagedAnswerIsSealedAnewWhereItStands() {
    Attempt attempt = begun(liftedBegin(first()));
    store.commit(KEY, attempt, false, tokens(OLD + "second"));
    CredentialState before = current();
    assertThat(reseal(found(Kind.STAGED))).isEqualTo(Outcome.RESEALED);
    assertThat(field("staged")).isEqualTo(NEW + "second");
    assertThat(field("staged_by")).isEqualTo(attempt.id());
    assertThat(current()).isEqualTo(before);
  }

  @Test
  void aBodyThatCouldNotBeReadIsSealedAnewWhereItStands() {
    Attempt attempt = begun(liftedBegin(first()));
    Failure unreadable =
        new Failure(
            Failure.Kind.UNREADABLE,
            Reason.of(Reason.UNREADABLE_ANSWER),
            NO_WAIT,
            sealed("old:UNREADABLE_ANSWER:body"));
    said(store.fail(KEY, attempt, unreadable).orElseThrow());
    assertThat(reseal(found(Kind.UNREADABLE))).isEqualTo(Outcome.RESEALED);
    assertThat(field("unreadable")).isEqualTo("new:UNREADABLE_ANSWER:body");
  }

  @Test
  void aStagedAnswerOfACodeIsSealedAnewWhereItStands() {
    codes.begin(code("auth"), "a");
    codes.advance(KEY, "auth", "a", 1, sealed(OLD + "code"));
    SealedItem item = found(Kind.CODE);
    assertThat(reseal(item)).isEqualTo(Outcome.RESEALED);
    assertThat(reseal(item)).isEqualTo(Outcome.CHANGED);
    assertThat(found(Kind.CODE).sealed()).isEqualTo(sealed(NEW + "code"));
  }

  @Test
  void aSessionIsSealedAnewAndEndsWhenItWouldHaveEnded() {
    String name = redis.settings().prefix() + ":session:abc";
    String old = KEY + "\n" + base64("old:CONNECT_SESSION:what");
    redis.call(client -> client.set(name, old));
    redis.call(client -> client.pexpire(name, 60_000));
    assertThat(reseal(found(Kind.SESSION))).isEqualTo(Outcome.RESEALED);
    assertThat(text(client -> client.get(name)))
        .isEqualTo(KEY + "\n" + base64("new:CONNECT_SESSION:what"));
    assertThat(endsIn(name)).isBetween(1L, 60_000L);
  }

  @Test
  void aPendingConsentIsSealedAnew() {
    String name = redis.settings().prefix() + ":state:abc";
    redis.call(client -> client.hset(name, "connection", KEY.toString()));
    redis.call(client -> client.hset(name, "sealed", "old:PENDING_AUTHORIZATION:what"));
    SealedItem item = found(Kind.PENDING);
    assertThat(item.place()).isEqualTo(new Place.Field(name, "sealed"));
    assertThat(reseal(item)).isEqualTo(Outcome.RESEALED);
    assertThat(text(client -> client.hget(name, "sealed")))
        .isEqualTo("new:PENDING_AUTHORIZATION:what");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  // A key that is lost

  @Test
  void whatIsGivenUpNeedsANewConsentAndSaysWhy() {
    first();
    assertThat(resealing.giveUp(found(Kind.CREDENTIAL), "sealed with key 7")).isTrue();
    CredentialState lost = current();
    assertThat(lost.status()).isEqualTo(Status.REAUTHORIZATION_REQUIRED);
    assertThat(lost.reason()).isEqualTo(new Reason(Reason.KEY_LOST, "sealed with key 7"));
    assertThat(topics.states(SHARD).getLast()).isEqualTo(lost);
    assertThat(dueField()).isNull();
    assertThat(resealing.giveUp(found(Kind.CREDENTIAL), "again")).isFalse();
  }

  @Test
  void aConsentThatCameMeanwhileIsNotGivenUp() {
    first();
    SealedItem read = found(Kind.CREDENTIAL);
    CredentialState consent = said(put(NEW + "consent", GRANT + 1, Duration.ofHours(1)));
    assertThat(resealing.giveUp(read, "sealed with key 7")).isFalse();
    assertThat(current()).isEqualTo(consent);
  }

  @Test
  void anAnswerUnderWayBringsWhatWasGivenUpBack() {
    Attempt attempt = begun(liftedBegin(first()));
    resealing.giveUp(found(Kind.CREDENTIAL), "sealed with key 7");
    assertThat(commit(attempt, NEW + "second").status()).isEqualTo(Status.ACTIVE);
  }

  private long endsIn(String name) {
    return redis.call(client -> client.pttl(name));
  }

  private String text(Function<UnifiedJedis, String> ask) {
    return redis.call(ask);
  }
}
