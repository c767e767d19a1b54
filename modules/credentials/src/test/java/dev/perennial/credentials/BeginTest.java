package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Begin.Begun;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.refresh.AttemptTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a refresh event meets, row by row. */
class BeginTest extends StoreFixture {
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
    assertThat(hasty.commit(KEY, attempt, false, tokens("second")))
        .isEqualTo(new Commit.Committed(Optional.empty()));
    Begin answer = await(() -> hastily(1, "b"), b -> !(b instanceof Begin.Busy));
    assertThat(begun(answer).id()).isEqualTo("a");
    assertThat(begun(answer).stage()).isEqualTo(1);
    assertThat(begun(answer).tokenGen()).isEqualTo(1);
    assertThat(begun(answer).sealed()).isEqualTo(sealed("second"));
  }

  @Test
  void beginOfANewerVersionLetsTheFenceFallAndTheTopicBeReadFromItsStart() {
    published(connected());
    shardField("topic_offset", "7");
    assertThat(begin(2, "a")).isInstanceOf(Begin.Behind.class);
    assertThat(shardField("fence")).isNull();
    assertThat(attend().ready()).isFalse();
    assertThat(attend().topicOffset()).isZero();
  }

  @Test
  void aBegunAttemptIsDueAgainAfterTheReemit() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    assertThat(dueAt()).isEqualTo(attempt.at().plus(AttemptTimes.DEFAULT.reemit()));
  }

  @Test
  void theSameAttemptIsNotBegunAgainAfterItsLease() {
    connected();
    begin(1, "a");
    leaseOverSince(Duration.ofMillis(1));
    assertThat(begin(1, "a")).isInstanceOf(Begin.Unknown.class);
  }

  @Test
  void whatIsBusyIsDueAReemitAfterTheLease() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    Instant leaseEnd = attempt.at().plus(AttemptTimes.DEFAULT.lease());
    assertThat(begin(1, "b")).isEqualTo(new Begin.Busy(leaseEnd));
    assertThat(dueAt()).isEqualTo(leaseEnd.plus(AttemptTimes.DEFAULT.reemit()));
  }

  @Test
  void whatIsNotYetIsDueWhenTheBackoffIsOver() {
    published(connected());
    store.fail(KEY, begun(begin(1, "a")), failure(Kind.THROTTLED, Duration.ofMinutes(5)));
    Instant backoff = dueAt();
    store.postpone(KEY, 1, Duration.ofHours(1));
    assertThat(begin(1, "b")).isEqualTo(new Begin.NotYet(backoff));
    assertThat(dueAt()).isEqualTo(backoff);
  }
}
