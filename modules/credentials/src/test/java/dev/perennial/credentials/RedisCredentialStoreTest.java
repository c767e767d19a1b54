package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Begin.Begun;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore.Page;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.domain.refresh.DueIndex.Due;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Rows of the protocol's tables, each against a real Redis. What needs a living lease uses the
 * default one of two minutes; what needs a lease that is over uses a hasty one and waits for it.
 */
@ExtendWith(RedisExtension.class)
class RedisCredentialStoreTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("google/acme");
  private static final long GRANT = 1_790_000_000_000_000L;
  private static final Duration NO_WAIT = Duration.ZERO;
  private static final Duration REEMIT = Duration.ofHours(1);
  private static final AttemptTimes HASTY =
      new AttemptTimes(
          Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(6), Duration.ofSeconds(1));

  private RedisConnections redis;
  private RedisCredentialStore store;
  private RedisCredentialStore hasty;
  private RedisDueIndex index;

  @BeforeEach
  void connect(RedisConnections redis) {
    this.redis = redis;
    store = new RedisCredentialStore(redis, SHARDS, AttemptTimes.DEFAULT);
    hasty = new RedisCredentialStore(redis, SHARDS, HASTY);
    index = new RedisDueIndex(redis, SHARDS);
  }

  // begin

  @Test
  void beginOfAnUnknownConnectionIsMissing() {
    assertThat(begin(1, "a")).isInstanceOf(Begin.Missing.class);
  }

  @Test
  void beginOfADeletedConnectionIsDeleted() {
    connected();
    store.delete(KEY, GRANT + 1);
    assertThat(begin(2, "a")).isInstanceOf(Begin.Deleted.class);
  }

  @Test
  void beginWritesTheAttemptAndHandsOutTheBase() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    assertThat(attempt.id()).isEqualTo("a");
    assertThat(attempt.grant()).isEqualTo(GRANT);
    assertThat(attempt.tokenGen()).isEqualTo(1);
    assertThat(attempt.sealed()).isEqualTo(sealed("first"));
    assertThat(attempt.failures()).isZero();
    assertThat(attempt.probe()).isFalse();
  }

  @Test
  void beginOfAnotherVersionHandsBackWhatWasNeverPublished() {
    CredentialState stored = connected();
    assertThat(begin(9, "a")).isEqualTo(new Begin.Unpublished(stored));
  }

  @Test
  void beginOfAnOlderVersionIsStaleAndOfANewerOneBehind() {
    published(connected());
    published(commit(begun(begin(1, "a")), "second"));
    assertThat(begin(1, "b")).isInstanceOf(Begin.Stale.class);
    assertThat(begin(3, "b")).isInstanceOf(Begin.Behind.class);
  }

  @Test
  void beginOfACredentialThatNeedsAConsentIsStale() {
    published(connected());
    published(failed(begun(begin(1, "a")), Kind.REFUSED).orElseThrow());
    assertThat(begin(2, "b")).isInstanceOf(Begin.Stale.class);
  }

  @Test
  void beginBeforeTheBackoffIsOverIsNotYet() {
    published(connected());
    store.fail(KEY, begun(begin(1, "a")), failure(Kind.THROTTLED, Duration.ofMinutes(5)));
    assertThat(begin(1, "b")).isInstanceOf(Begin.NotYet.class);
  }

  @Test
  void beginOfTheSameAttemptAgainIsBegunAgain() {
    connected();
    Attempt first = begun(begin(1, "a"));
    assertThat(begun(begin(1, "a")).id()).isEqualTo(first.id());
  }

  @Test
  void beginBesideALivingLeaseIsBusy() {
    connected();
    begin(1, "a");
    assertThat(begin(1, "b")).isInstanceOf(Begin.Busy.class);
  }

  @Test
  void beginAfterAnAttemptVanishedWaitsForTheProbe() {
    connected();
    hastily(1, "a");
    Begin answer = await(() -> hastily(1, "b"), b -> !(b instanceof Begin.Busy));
    assertThat(answer).isInstanceOf(Begin.Unknown.class);
    Instant expiry = Objects.requireNonNull(store.find(KEY).orElseThrow().expiresAt());
    assertThat(((Begin.Unknown) answer).until())
        .isBetween(expiry.minusSeconds(31), expiry.minusSeconds(29));
  }

  @Test
  void beginAfterAnAttemptVanishedProbesOnceTheTokenIsAboutToEnd() {
    put("first", GRANT, Duration.ofMillis(1));
    hastily(1, "a");
    Begin answer = await(() -> hastily(1, "b"), b -> b instanceof Begun);
    assertThat(begun(answer).probe()).isTrue();
  }

  @Test
  void beginAfterAnAttemptVanishedGoesAtOnceWhereAReplayIsHarmless() {
    connected();
    hastily(1, "a");
    Begin answer =
        await(() -> hasty.begin(KEY, 1, "b", ReuseWindow.ALWAYS), b -> !(b instanceof Begin.Busy));
    assertThat(begun(answer).probe()).isTrue();
  }

  @Test
  void beginAfterAnAttemptVanishedGoesAtOnceInsideTheReuseWindow() {
    connected();
    hastily(1, "a");
    Begin answer =
        await(
            () -> hasty.begin(KEY, 1, "b", ReuseWindow.of(Duration.ofMinutes(1))),
            b -> !(b instanceof Begin.Busy));
    assertThat(begun(answer).probe()).isTrue();
  }

  @Test
  void aWindowTooShortForASecondCallIsNoWindow() {
    connected();
    ReuseWindow tooShort = ReuseWindow.of(Duration.ofSeconds(30));
    assertThat(store.begin(KEY, 1, "a", tooShort)).isInstanceOf(Begun.class);
    assertThat(store.begin(KEY, 1, "b", tooShort)).isInstanceOf(Begin.Busy.class);
  }

  @Test
  void aChainOfProbesDoesNotMoveTheWindow() {
    connected();
    ReuseWindow window = ReuseWindow.of(Duration.ofMillis(400));
    hasty.begin(KEY, 1, "a", window);
    AtomicInteger attempts = new AtomicInteger();
    Begin end =
        await(
            () -> hasty.begin(KEY, 1, "b" + attempts.incrementAndGet(), window),
            b -> b instanceof Begin.Unknown);
    assertThat(end).isInstanceOf(Begin.Unknown.class);
  }

  @Test
  void beginBetweenFollowUpsGoesOnWithTheSameAttempt() {
    connected();
    Attempt attempt = begun(hastily(1, "a"));
    assertThat(store.commit(KEY, attempt, false, tokens("second")))
        .isEqualTo(new Commit.Committed(Optional.empty()));
    Begin answer = await(() -> hastily(1, "b"), b -> !(b instanceof Begin.Busy));
    assertThat(begun(answer).id()).isEqualTo("a");
    assertThat(begun(answer).stage()).isEqualTo(1);
    assertThat(begun(answer).tokenGen()).isEqualTo(2);
  }

  // commit

  @Test
  void commitStoresTheTokensAsTheNextVersion() {
    connected();
    CredentialState state = commit(begun(begin(1, "a")), "second");
    assertThat(state.version()).isEqualTo(2);
    assertThat(state.tokenGen()).isEqualTo(2);
    assertThat(state.grant()).isEqualTo(GRANT);
    assertThat(state.sealed()).isEqualTo(sealed("second"));
    assertThat(state.status()).isEqualTo(Status.ACTIVE);
    assertThat(state.change()).isEqualTo(Change.REFRESHED);
    assertThat(store.find(KEY)).contains(state);
  }

  @Test
  void commitRepeatedIsAlready() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    CredentialState state = commit(attempt, "second");
    assertThat(store.commit(KEY, attempt, true, tokens("second")))
        .isEqualTo(new Commit.Already(state));
  }

  @Test
  void commitAfterTheLeaseIsOverStillCounts() {
    put("first", GRANT, Duration.ofMillis(1));
    Attempt late = begun(hastily(1, "a"));
    Attempt probe = begun(await(() -> hastily(1, "b"), b -> b instanceof Begun));
    assertThat(commit(late, "second").sealed()).isEqualTo(sealed("second"));
    assertThat(store.commit(KEY, probe, true, tokens("third")))
        .isInstanceOf(Commit.Superseded.class);
  }

  @Test
  void commitOfAnOlderConsentIsSuperseded() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    put("consent", GRANT + 1, Duration.ofHours(1));
    assertThat(store.commit(KEY, attempt, true, tokens("late")))
        .isInstanceOf(Commit.Superseded.class);
    assertThat(store.find(KEY).orElseThrow().sealed()).isEqualTo(sealed("consent"));
  }

  @Test
  void commitAfterADeletionIsDeleted() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    store.delete(KEY, GRANT + 1);
    assertThat(store.commit(KEY, attempt, true, tokens("late"))).isInstanceOf(Commit.Deleted.class);
  }

  @Test
  void commitWithoutACredentialIsMissing() {
    Attempt attempt = new Attempt("a", 0, GRANT, 1, sealed("x"), 0, Instant.EPOCH, false);
    assertThat(store.commit(KEY, attempt, true, tokens("late"))).isInstanceOf(Commit.Missing.class);
  }

  @Test
  void commitOverARefusalIsDueAtOnce() {
    put("first", GRANT, Duration.ofMillis(1));
    Attempt late = begun(hastily(1, "a"));
    Attempt probe = begun(await(() -> hastily(1, "b"), b -> b instanceof Begun));
    failed(probe, Kind.REFUSED);
    CredentialState state = commit(late, "second");
    assertThat(state.status()).isEqualTo(Status.ACTIVE);
    assertThat(claim()).extracting(Due::version).containsExactly(state.version());
  }

  // fail

  @Test
  void aFailureThatIsNotFinalLeavesTheTokensAlone() {
    connected();
    CredentialState state = failed(begun(begin(1, "a")), Kind.UNAVAILABLE).orElseThrow();
    assertThat(state.sealed()).isEqualTo(sealed("first"));
    assertThat(state.status()).isEqualTo(Status.REFRESH_FAILING);
    assertThat(state.reason()).isEqualTo(new Reason(Reason.UNAVAILABLE, "because"));
    assertThat(state.version()).isEqualTo(2);
  }

  @Test
  void onlyTheFirstOfARowOfFailuresIsPublished() {
    connected();
    CredentialState first = failed(begun(begin(1, "a")), Kind.NO_ANSWER).orElseThrow();
    published(first);
    Attempt second = begun(await(() -> begin(2, "b"), b -> b instanceof Begun));
    assertThat(second.failures()).isEqualTo(1);
    assertThat(failed(second, Kind.UNAVAILABLE)).isEmpty();
  }

  @Test
  void whatWasNotSentOrThrottledIsNobodysNews() {
    connected();
    assertThat(failed(begun(begin(1, "a")), Kind.NOT_SENT)).isEmpty();
    Attempt second = begun(await(() -> begin(1, "b"), b -> b instanceof Begun));
    assertThat(second.probe()).isFalse();
    assertThat(failed(second, Kind.THROTTLED)).isEmpty();
    assertThat(store.find(KEY).orElseThrow().status()).isEqualTo(Status.ACTIVE);
  }

  @Test
  void aMisconfigurationIsTriedAgainAfterTenMinutesAtTheEarliest() {
    connected();
    CredentialState state = failed(begun(begin(1, "a")), Kind.MISCONFIGURED).orElseThrow();
    published(state);
    assertThat(((Begin.NotYet) begin(2, "b")).until())
        .isAfter(state.changedAt().plus(Duration.ofMinutes(10)).minusSeconds(1));
  }

  @Test
  void aRefusalAsksForANewConsentAndLeavesTheDueIndex() {
    connected();
    CredentialState state = failed(begun(begin(1, "a")), Kind.REFUSED).orElseThrow();
    assertThat(state.status()).isEqualTo(Status.REAUTHORIZATION_REQUIRED);
    assertThat(state.change()).isEqualTo(Change.REAUTHORIZATION_REQUIRED);
    assertThat(state.nextRefreshAt()).isNull();
    assertThat(dueField()).isNull();
  }

  @Test
  void aRefusalOfAnOlderTokenIsIgnored() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    put("consent", GRANT + 1, Duration.ofHours(1));
    assertThat(failed(attempt, Kind.REFUSED)).isEmpty();
    assertThat(store.find(KEY).orElseThrow().status()).isEqualTo(Status.ACTIVE);
  }

  @Test
  void aFailureOfAnAttemptThatAnotherHasReplacedIsIgnored() {
    put("first", GRANT, Duration.ofMillis(1));
    Attempt late = begun(hastily(1, "a"));
    Attempt probe = begun(await(() -> hastily(1, "b"), b -> b instanceof Begun));
    assertThat(failed(late, Kind.UNAVAILABLE)).isEmpty();
    assertThat(commit(probe, "second").status()).isEqualTo(Status.ACTIVE);
  }

  @Test
  void aRefusedProbeThatLostMakesTheWinnerDueAtOnce() {
    put("first", GRANT, Duration.ofMillis(1));
    Attempt late = begun(hastily(1, "a"));
    Attempt probe = begun(await(() -> hastily(1, "b"), b -> b instanceof Begun));
    CredentialState winner = commit(late, "second");
    assertThat(failed(probe, Kind.REFUSED)).isEmpty();
    assertThat(claim()).extracting(Due::version).containsExactly(winner.version());
    assertThat(store.find(KEY).orElseThrow().status()).isEqualTo(Status.ACTIVE);
  }

  @Test
  void aFailedProbeIsUnknownAgainAndAnotherFollowsTheBackoff() {
    put("first", GRANT, Duration.ofMillis(1));
    hastily(1, "a");
    Attempt probe = begun(await(() -> hastily(1, "b"), b -> b instanceof Begun));
    assertThat(failed(probe, Kind.NOT_SENT)).isEmpty();
    Attempt next = begun(await(() -> hastily(1, "c"), b -> b instanceof Begun));
    assertThat(next.probe()).isTrue();
  }

  @Test
  void anUnreadableAnswerIsKeptAndStopsFurtherAttempts() {
    connected();
    Sealed body = sealed("<html>");
    Attempt attempt = begun(begin(1, "a"));
    CredentialState state =
        store
            .fail(
                KEY,
                attempt,
                new Failure(Kind.UNREADABLE, Reason.of(Reason.UNREADABLE_ANSWER), NO_WAIT, body))
            .orElseThrow();
    published(state);
    assertThat(state.reason()).isEqualTo(Reason.of(Reason.UNREADABLE_ANSWER));
    assertThat(begin(state.version(), "b")).isInstanceOf(Begin.Stale.class);
    byte[] hash = connectionHash().getBytes(StandardCharsets.UTF_8);
    byte[] field = "unreadable".getBytes(StandardCharsets.UTF_8);
    byte[] kept = redis.call(client -> client.hget(hash, field));
    assertThat(kept).isEqualTo(body.bytes());
  }

  @Test
  void aNewConsentForgetsAnUnreadableAnswer() {
    connected();
    store.fail(
        KEY,
        begun(begin(1, "a")),
        new Failure(Kind.UNREADABLE, Reason.of(Reason.UNREADABLE_ANSWER), NO_WAIT, sealed("?")));
    CredentialState state = put("consent", GRANT + 1, Duration.ofHours(1));
    published(state);
    assertThat(begin(state.version(), "b")).isInstanceOf(Begun.class);
  }

  // put, delete, expire, published

  @Test
  void putOfANewConsentWinsOverARefreshInFlight() {
    connected();
    begin(1, "a");
    CredentialState state = put("consent", GRANT + 1, Duration.ofHours(1));
    assertThat(state.version()).isEqualTo(2);
    assertThat(state.tokenGen()).isEqualTo(1);
    assertThat(state.change()).isEqualTo(Change.CONNECTED);
    assertThat(begun(begin(2, "b")).sealed()).isEqualTo(sealed("consent"));
  }

  @Test
  void putRepeatedIsAlreadyAndOlderIsSuperseded() {
    CredentialState state = connected();
    assertThat(store.put(KEY, GRANT, "auth", tokens("first"))).isEqualTo(new Put.Already(state));
    assertThat(store.put(KEY, GRANT - 1, "old", tokens("older")))
        .isInstanceOf(Put.Superseded.class);
  }

  @Test
  void versionsNeverRestartAfterADeletion() {
    connected();
    CredentialState deleted = store.delete(KEY, GRANT + 1).orElseThrow();
    assertThat(deleted.sealed()).isNull();
    assertThat(deleted.status()).isEqualTo(Status.DELETED);
    assertThat(store.put(KEY, GRANT, "auth", tokens("late"))).isInstanceOf(Put.Superseded.class);
    assertThat(put("again", GRANT + 2, Duration.ofHours(1)).version()).isEqualTo(3);
  }

  @Test
  void deleteByAnOlderGrantDoesNothing() {
    connected();
    assertThat(store.delete(KEY, GRANT)).isEmpty();
  }

  @Test
  void expireOnlyCountsPastTheEndOfTheCurrentVersion() {
    CredentialState stored = put("first", GRANT, Duration.ofMillis(1));
    assertThat(store.expire(KEY, GRANT, stored.version() + 1)).isEmpty();
    CredentialState expired =
        await(() -> store.expire(KEY, GRANT, stored.version()), Optional::isPresent).orElseThrow();
    assertThat(expired.status()).isEqualTo(Status.EXPIRED);
    assertThat(expired.change()).isEqualTo(Change.EXPIRED);
    assertThat(store.expire(KEY, GRANT, expired.version())).isEmpty();
  }

  @Test
  void expireBeforeTheEndComesBackAtTheEnd() {
    CredentialState stored = connected();
    assertThat(store.expire(KEY, GRANT, stored.version())).isEmpty();
    Instant end = Objects.requireNonNull(stored.expiresAt());
    assertThat(dueField()).isEqualTo(Long.toString(end.toEpochMilli()));
  }

  @Test
  void aVersionStaysInTheOutboxUntilItIsPublished() {
    CredentialState first = connected();
    assertThat(outbox()).containsExactly(first);
    CredentialState second = commit(begun(begin(1, "a")), "second");
    published(first);
    assertThat(outbox()).containsExactly(second);
    published(second);
    assertThat(outbox()).isEmpty();
  }

  // due index

  @Test
  void aClaimTakesWhatIsDueOnce() {
    put("first", GRANT, Duration.ofMillis(1));
    assertThat(claim()).extracting(Due::key).containsExactly(KEY);
    assertThat(claim()).isEmpty();
  }

  @Test
  void whatWasClaimedIsSaidAgainAfterTheReemit() {
    put("first", GRANT, Duration.ofMillis(1));
    assertThat(index.claim(SHARDS.of(KEY), 200, Duration.ofMillis(1))).hasSize(1);
    assertThat(await(this::claim, due -> !due.isEmpty())).extracting(Due::key).containsExactly(KEY);
  }

  @Test
  void nothingIsClaimedBeforeItIsDue() {
    connected();
    assertThat(claim()).isEmpty();
  }

  @Test
  void aPostponedRefreshIsNotAnAttempt() {
    put("first", GRANT, Duration.ofMillis(1));
    store.postpone(KEY, 1, Duration.ofHours(1));
    assertThat(claim()).isEmpty();
    assertThat(begun(begin(1, "a")).failures()).isZero();
  }

  @Test
  void thousandsFallDueEachExactlyOnceEarliestBucketsFirst() {
    for (int i = 0; i < 1000; i++) {
      ConnectionKey key = new ConnectionKey("many", "c" + i);
      IssuedTokens tokens =
          new IssuedTokens(
              sealed("t"),
              Instant.ofEpochMilli(0),
              null,
              Instant.ofEpochMilli(i * 100L),
              "Bearer",
              null);
      store.put(key, GRANT, "auth" + i, tokens);
    }
    List<Due> all = new ArrayList<>();
    for (int shard = 0; shard < SHARDS.count(); shard++) {
      List<Due> claimed;
      do {
        claimed = index.claim(shard, 200, Duration.ofHours(1));
        assertThat(claimed).isSortedAccordingTo(Comparator.comparing(Due::dueAt));
        all.addAll(claimed);
      } while (!claimed.isEmpty());
    }
    assertThat(all).extracting(Due::key).doesNotHaveDuplicates().hasSize(1000);
  }

  @Test
  void aScanListsEveryConnection() {
    for (int i = 0; i < 50; i++) {
      store.put(new ConnectionKey("many", "c" + i), GRANT, "a" + i, tokens("t"));
    }
    List<ConnectionKey> seen = new ArrayList<>();
    String cursor = null;
    do {
      Page page = store.list(cursor);
      page.states().forEach(state -> seen.add(state.key()));
      cursor = page.next();
    } while (cursor != null);
    assertThat(seen).hasSizeGreaterThanOrEqualTo(50).contains(new ConnectionKey("many", "c49"));
  }

  private CredentialState connected() {
    return put("first", GRANT, Duration.ofHours(1));
  }

  private CredentialState put(String text, long grant, Duration life) {
    Put put = store.put(KEY, grant, "auth-" + grant, tokens(text, life));
    return ((Put.Stored) put).state();
  }

  private Begin begin(long version, String attempt) {
    return store.begin(KEY, version, attempt, ReuseWindow.NONE);
  }

  private Begin hastily(long version, String attempt) {
    return hasty.begin(KEY, version, attempt, ReuseWindow.NONE);
  }

  private static Attempt begun(Begin begin) {
    assertThat(begin).isInstanceOf(Begun.class);
    return ((Begun) begin).attempt();
  }

  private CredentialState commit(Attempt attempt, String text) {
    Commit commit = store.commit(KEY, attempt, true, tokens(text));
    return ((Commit.Committed) commit).state().orElseThrow();
  }

  private Optional<CredentialState> failed(Attempt attempt, Kind kind) {
    return store.fail(KEY, attempt, failure(kind, NO_WAIT));
  }

  private static Failure failure(Kind kind, Duration retryIn) {
    return new Failure(kind, new Reason(kind.text(), "because"), retryIn, null);
  }

  private void published(CredentialState state) {
    store.published(KEY, state.grant(), state.version());
  }

  private List<CredentialState> outbox() {
    return store.unpublished(SHARDS.of(KEY), NO_WAIT);
  }

  private List<Due> claim() {
    return index.claim(SHARDS.of(KEY), 200, REEMIT);
  }

  private String connectionHash() {
    return new Keys(redis.settings().prefix(), SHARDS).connection(KEY);
  }

  private @Nullable String dueField() {
    return redis.call(client -> client.hget(connectionHash(), "due_at"));
  }

  private static IssuedTokens tokens(String text) {
    return tokens(text, Duration.ofHours(1));
  }

  private static IssuedTokens tokens(String text, Duration life) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Instant end = now.plus(life);
    Instant due = now.plus(life.multipliedBy(3).dividedBy(4)).truncatedTo(ChronoUnit.MILLIS);
    return new IssuedTokens(sealed(text), now, end, due, "Bearer", "mail");
  }

  private static Sealed sealed(String text) {
    return Sealed.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Asks again until the answer is the one waited for, for at most five seconds. */
  private static <T> T await(Supplier<T> ask, Predicate<T> enough) {
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    T answer = ask.get();
    while (!enough.test(answer) && System.nanoTime() < end) {
      Thread.onSpinWait();
      answer = ask.get();
    }
    return answer;
  }
}
