package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.ReuseWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is warned of what, and how often; every end is chosen against Redis's own clock. */
class WarnTest extends StoreFixture {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final List<Duration> LEADS = List.of(DAY, Duration.ofDays(3), Duration.ofDays(14));

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private Instant consent = now.minus(Duration.ofDays(90));

  // What is warned of

  @Test
  void anEndWithinALeadTimeIsWarnedOfOnce() {
    CredentialState before = known(fixed(DAY.multipliedBy(10)));
    CredentialState warned = only(warn());
    assertThat(warned.change()).isEqualTo(Change.EXPIRING);
    assertThat(warned.version()).isEqualTo(before.version() + 1);
    assertThat(warned.warned()).isEqualTo(Duration.ofDays(14));
    assertThat(warned.grantEnd()).isEqualTo(before.grantEnd());
    assertThat(store.find(KEY)).contains(warned);
    assertThat(outbox()).containsExactly(warned);
    published(warned);
    lookAgain();
    assertThat(warn()).isEmpty();
  }

  @Test
  void aWarningChangesNothingElse() {
    CredentialState before = known(fixed(DAY.multipliedBy(10)));
    String due = dueField();
    CredentialState warned = only(warn());
    assertThat(dueField()).isEqualTo(due);
    assertThat(warned.status()).isEqualTo(Status.ACTIVE);
    assertThat(warned.reason()).isNull();
    assertThat(warned.grant()).isEqualTo(before.grant());
    assertThat(warned.tokenGen()).isEqualTo(before.tokenGen());
    assertThat(warned.sealed()).isEqualTo(before.sealed());
    assertThat(warned.expiresAt()).isEqualTo(before.expiresAt());
    assertThat(warned.nextRefreshAt()).isEqualTo(before.nextRefreshAt());
  }

  @Test
  void eachLeadTimeIsWarnedOfWhenItIsReached() {
    known(fixed(DAY.multipliedBy(10)));
    assertThat(warnedAndSaid()).isEqualTo(Duration.ofDays(14));
    endsIn(DAY.multipliedBy(2));
    assertThat(warnedAndSaid()).isEqualTo(Duration.ofDays(3));
    endsIn(HOUR);
    assertThat(warnedAndSaid()).isEqualTo(DAY);
    endsIn(MINUTE);
    assertThat(warn()).isEmpty();
  }

  @Test
  void ofSeveralLeadTimesReachedTheSmallestIsSaidAlone() {
    known(fixed(DAY.multipliedBy(2)));
    assertThat(warnedAndSaid()).isEqualTo(Duration.ofDays(3));
    lookAgain();
    assertThat(warn()).isEmpty();
  }

  @Test
  void anEndBeyondEveryLeadTimeIsLookedAtWhenTheFirstIsReached() {
    CredentialState state = known(fixed(DAY.multipliedBy(60)));
    assertThat(warn()).isEmpty();
    assertThat(lookAt()).isEqualTo(end(state).minus(Duration.ofDays(14)));
  }

  @Test
  void afterAWarningTheNextLookIsAtTheNextLeadTimeAndAtLastAtTheEnd() {
    CredentialState state = known(fixed(DAY.multipliedBy(10)));
    warnedAndSaid();
    assertThat(lookAt()).isEqualTo(end(state).minus(Duration.ofDays(3)));
    state = endsIn(HOUR);
    warnedAndSaid();
    assertThat(lookAt()).isEqualTo(end(state));
  }

  @Test
  void anEndThatHasComeIsNotWarnedOf() {
    known(fixed(DAY.negated()));
    assertThat(warn()).isEmpty();
    assertThat(watched()).isFalse();
  }

  @Test
  void aPermanentTokenIsNeverLookedAt() {
    known(issued(now, null));
    assertThat(watched()).isFalse();
  }

  // A lead time must have lain ahead

  @Test
  void aTokenOfAnHourIsNotWarnedOfDays() {
    consent = now.minusSeconds(1);
    known(fixed(HOUR));
    assertThat(warn()).isEmpty();
  }

  @Test
  void anEndThatStandsFastIsMeasuredFromTheConsentAndNotFromTheLastRefresh() {
    consent = now.minus(Duration.ofDays(15));
    known(fixed(DAY.multipliedBy(13)));
    assertThat(warnedAndSaid()).isEqualTo(Duration.ofDays(14));
  }

  @Test
  void aLeadTimeLongerThanTheWholeGrantIsNotWarnedOf() {
    consent = now.minus(DAY);
    known(fixed(DAY.multipliedBy(12)));
    assertThat(warn()).isEmpty();
    assertThat(lookAt()).isEqualTo(end(current()).minus(Duration.ofDays(3)));
  }

  @Test
  void anEndThatMovesIsMeasuredFromTheTokens() {
    failing(known(issued(now.minus(HOUR), new GrantEnd(now.plus(HOUR.multipliedBy(23)), true))));
    assertThat(warn()).isEmpty();
  }

  // An end that moves

  @Test
  void anEndThatMovesIsNotEvenLookedAtWhileRefreshesWork() {
    known(longAgo(moving(HOUR)));
    assertThat(watched()).isFalse();
    assertThat(warn()).isEmpty();
  }

  @Test
  void anEndThatMovesIsWarnedOfWhileRefreshesFail() {
    failing(known(longAgo(moving(HOUR))));
    CredentialState warned = only(warn());
    assertThat(warned.status()).isEqualTo(Status.REFRESH_FAILING);
    assertThat(warned.change()).isEqualTo(Change.EXPIRING);
    assertThat(warned.reason()).isNotNull();
    assertThat(warned.warned()).isEqualTo(DAY);
  }

  @Test
  void aRefreshThatWorksEndsIt() {
    CredentialState failing = failing(known(longAgo(moving(HOUR))));
    published(only(warn()));
    IssuedTokens later = issued(now, moving(DAY.multipliedBy(20)));
    CredentialState next = commit(failing.version(), later);
    assertThat(next.warned()).isNull();
    assertThat(next.grantEnd()).isEqualTo(later.grantEnd());
    assertThat(watched()).isFalse();
  }

  // Other ends

  @Test
  void theSameEndStatedALittleLaterIsNotWarnedOfAgain() {
    CredentialState state = known(fixed(DAY.multipliedBy(10)));
    warnedAndSaid();
    GrantEnd end = new GrantEnd(end(state).plusSeconds(60), false);
    CredentialState next = commit(current().version(), issued(now, end));
    published(next);
    assertThat(next.warned()).isEqualTo(Duration.ofDays(14));
    lookAgain();
    assertThat(warn()).isEmpty();
  }

  @Test
  void anEndThatIsLaterByMoreThanAMinuteIsAnotherOne() {
    CredentialState state = known(fixed(DAY.multipliedBy(10)));
    warnedAndSaid();
    GrantEnd end = new GrantEnd(end(state).plusSeconds(61), false);
    CredentialState next = commit(current().version(), issued(now, end));
    published(next);
    assertThat(next.warned()).isNull();
    assertThat(warnedAndSaid()).isEqualTo(Duration.ofDays(14));
  }

  @Test
  void anEarlierEndIsLookedAtAtOnce() {
    known(fixed(DAY.multipliedBy(10)));
    warnedAndSaid();
    published(commit(current().version(), issued(now, fixed(DAY.multipliedBy(2)))));
    assertThat(warnedAndSaid()).isEqualTo(Duration.ofDays(3));
  }

  @Test
  void anEndThatIsNotKnownAnyMoreIsForgotten() {
    known(fixed(DAY.multipliedBy(10)));
    warnedAndSaid();
    CredentialState next = commit(current().version(), issued(now, null));
    assertThat(next.grantEnd()).isNull();
    assertThat(next.warned()).isNull();
    assertThat(watched()).isFalse();
  }

  @Test
  void aNewConsentBeginsAnew() {
    known(fixed(DAY.multipliedBy(10)));
    warnedAndSaid();
    consent = consent.plus(DAY);
    CredentialState again = known(fixed(DAY.multipliedBy(10)));
    assertThat(again.warned()).isNull();
    assertThat(warnedAndSaid()).isEqualTo(Duration.ofDays(14));
  }

  @Test
  void whatIsOverIsNotWarnedOf() {
    CredentialState state = known(fixed(DAY.multipliedBy(10)));
    Attempt attempt = begun(begin(state.version(), "a"));
    failed(attempt, Kind.REFUSED).ifPresent(this::published);
    assertThat(watched()).isFalse();
    assertThat(current().grantEnd()).isEqualTo(state.grantEnd());
  }

  @Test
  void whatIsDeletedHasNoEnd() {
    CredentialState state = known(fixed(DAY.multipliedBy(10)));
    warnedAndSaid();
    CredentialState deleted = store.delete(KEY, state.grant() + 1).orElseThrow();
    assertThat(deleted.grantEnd()).isNull();
    assertThat(deleted.warned()).isNull();
    assertThat(watched()).isFalse();
  }

  @Test
  void whatHasExpiredIsNotWarnedOf() {
    CredentialState state = known(issued(now, fixed(DAY.multipliedBy(10))));
    field("expires_at", 1);
    published(store.expire(KEY, state.grant(), state.version()).orElseThrow());
    assertThat(watched()).isFalse();
  }

  // Beside refreshes

  @Test
  void anEventThatNamesTheVersionBeforeStillBeginsARefresh() {
    CredentialState before = known(fixed(DAY.multipliedBy(10)));
    CredentialState warned = only(warn());
    Attempt attempt = begun(begin(before.version(), "a"));
    assertThat(commit(attempt, "second").version()).isEqualTo(warned.version() + 1);
    assertThat(begin(before.version(), "b")).isInstanceOf(Begin.Unpublished.class);
    published(current());
    assertThat(begin(before.version(), "b")).isInstanceOf(Begin.Stale.class);
    assertThat(begin(warned.version(), "b")).isInstanceOf(Begin.Stale.class);
  }

  @Test
  void soDoesOneThatNamesTheVersionBeforeSeveralWarnings() {
    CredentialState before = known(fixed(DAY.multipliedBy(10)));
    warnedAndSaid();
    endsIn(HOUR);
    warnedAndSaid();
    assertThat(begin(before.version() - 1, "a")).isInstanceOf(Begin.Stale.class);
    begun(begin(before.version(), "a"));
  }

  @Test
  void anEventThatWasClaimedBeforeIsPostponedAsItsOwn() {
    CredentialState before = known(fixed(DAY.multipliedBy(10)));
    warn();
    store.postpone(KEY, before.version(), MINUTE);
    assertThat(dueAt()).isBefore(Instant.now().plus(MINUTE).plusSeconds(1));
  }

  @Test
  void anAttemptUnderWayCommitsOverAWarning() {
    CredentialState before = known(fixed(DAY.multipliedBy(10)));
    Attempt attempt = begun(begin(before.version(), "a"));
    String due = dueField();
    warnedAndSaid();
    assertThat(dueField()).isEqualTo(due);
    assertThat(commit(attempt, "second").tokenGen()).isEqualTo(2);
  }

  @Test
  void whatIsNotPublishedYetIsLookedAtLater() {
    CredentialState state = put(issued(now, fixed(DAY.multipliedBy(10))));
    assertThat(warn()).isEmpty();
    assertThat(lookAt()).isAfter(Instant.now());
    published(state);
    lookAgain();
    assertThat(warn()).hasSize(1);
  }

  // Losses

  @Test
  void nothingIsWarnedOfBeforeAWarningOfALostRedisCanHaveArrived() {
    known(fixed(DAY.multipliedBy(10)));
    shardField("journal_until", "1");
    dropShardFields("journal_wanted");
    assertThat(warn()).isEmpty();
    Instant fence = Instant.ofEpochMilli(Long.parseLong(shardText("fence_at")));
    assertThat(attend().journalWanted()).isEqualTo(fence.plus(MINUTE));
    shards.settled(SHARD, attend().run(), fence.plus(MINUTE));
    assertThat(warn()).hasSize(1);
  }

  @Test
  void behindTheFenceNothingIsWarnedOf() {
    known(fixed(DAY.multipliedBy(10)));
    unfence();
    assertThat(warn()).isEmpty();
  }

  @Test
  void otherLeadTimesLookAtEverythingAgain() {
    shards.leads(SHARD, LEADS);
    known(fixed(DAY.multipliedBy(60)));
    assertThat(warn()).isEmpty();
    shards.leads(SHARD, LEADS);
    assertThat(attend().ends()).isZero();
    shards.leads(SHARD, List.of(DAY.multipliedBy(70)));
    assertThat(attend().ends()).isOne();
    assertThat(shards.warn(SHARD, 100, MINUTE, List.of(DAY.multipliedBy(70))).warned()).hasSize(1);
  }

  private CredentialState known(GrantEnd end) {
    return known(issued(now, end));
  }

  /** Connected with these, and said. */
  private CredentialState known(IssuedTokens tokens) {
    CredentialState state = put(tokens);
    published(state);
    return state;
  }

  private CredentialState put(IssuedTokens tokens) {
    long grant = consent.toEpochMilli() * 1000;
    return ((Put.Stored) store.put(KEY, grant, "auth-" + grant, tokens)).state();
  }

  private CredentialState commit(long version, IssuedTokens tokens) {
    Attempt attempt = begun(store.begin(KEY, version, "c" + version, ReuseWindow.NONE));
    return ((Commit.Committed) store.commit(KEY, attempt, true, tokens)).state().orElseThrow();
  }

  private CredentialState failing(CredentialState state) {
    Attempt attempt = begun(begin(state.version(), "a"));
    CredentialState failing = failed(attempt, Kind.UNAVAILABLE).orElseThrow();
    published(failing);
    return failing;
  }

  private static IssuedTokens issued(Instant at, @Nullable GrantEnd end) {
    return new IssuedTokens(
        sealed("some"), at, at.plus(HOUR), at.plus(HOUR.dividedBy(2)), "Bearer", "mail", end);
  }

  /** The tokens are older than any lead time. */
  private IssuedTokens longAgo(GrantEnd end) {
    return issued(now.minus(Duration.ofDays(30)), end);
  }

  private GrantEnd fixed(Duration left) {
    return new GrantEnd(now.plus(left), false);
  }

  private GrantEnd moving(Duration left) {
    return new GrantEnd(now.plus(left), true);
  }

  /** As if time had passed. */
  private CredentialState endsIn(Duration left) {
    field("grant_ends_at", now.plus(left).toEpochMilli());
    lookAgain();
    return current();
  }

  private List<CredentialState> warn() {
    return shards.warn(SHARD, 100, MINUTE, LEADS).warned();
  }

  private @Nullable Duration warnedAndSaid() {
    CredentialState state = only(warn());
    published(state);
    return state.warned();
  }

  private static CredentialState only(List<CredentialState> states) {
    assertThat(states).hasSize(1);
    return states.getFirst();
  }

  private CredentialState current() {
    return store.find(KEY).orElseThrow();
  }

  private static Instant end(CredentialState state) {
    return Objects.requireNonNull(state.grantEnd()).at();
  }

  private String ends() {
    return shardHash().replaceFirst("shard$", "ends");
  }

  private boolean watched() {
    return redis.call(client -> client.zscore(ends(), KEY.toString())) != null;
  }

  private Instant lookAt() {
    Double score = redis.call(client -> client.zscore(ends(), KEY.toString()));
    return Instant.ofEpochMilli(Objects.requireNonNull(score).longValue());
  }

  private void lookAgain() {
    redis.call(client -> client.zadd(ends(), 0, KEY.toString()));
  }

  private String shardText(String name) {
    return Objects.requireNonNull(shardField(name));
  }
}
