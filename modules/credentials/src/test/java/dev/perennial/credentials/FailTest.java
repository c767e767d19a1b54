package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Begin.Begun;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.refresh.DueIndex.Due;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a failed attempt leaves behind, and whom it cannot harm. */
class FailTest extends StoreFixture {
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

  @Test
  void aFailureAfterADeletionIsIgnored() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    store.delete(KEY, GRANT + 1);
    assertThat(failed(attempt, Kind.REFUSED)).isEmpty();
    assertThat(store.find(KEY).orElseThrow().status()).isEqualTo(Status.DELETED);
  }

  @Test
  void aFailureOfACredentialThatRedisHasLostIsIgnored() {
    Attempt attempt = new Attempt("a", 0, GRANT, 1, sealed("x"), 0, Instant.EPOCH, false);
    assertThat(failed(attempt, Kind.REFUSED)).isEmpty();
    assertThat(store.find(KEY)).isEmpty();
  }

  @Test
  void aThrottledAttemptComesBackAtItsTimeAndFreesTheConnection() {
    connected();
    store.fail(KEY, begun(begin(1, "a")), failure(Kind.THROTTLED, Duration.ofMinutes(5)));
    assertThat(dueAt()).isBetween(Instant.now().plusSeconds(290), Instant.now().plusSeconds(300));
    assertThat(field("attempt")).isNull();
    assertThat(field("failures")).isEqualTo("1");
  }

  @Test
  void aMisconfigurationIsSaidEachTime() {
    connected();
    published(failed(begun(begin(1, "a")), Kind.UNAVAILABLE).orElseThrow());
    Attempt second = begun(await(() -> begin(2, "b"), b -> b instanceof Begun));
    assertThat(failed(second, Kind.MISCONFIGURED)).isPresent();
  }

  @Test
  void aRefusalThatIsSaidTwiceIsRecordedOnce() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    assertThat(failed(attempt, Kind.REFUSED)).isPresent();
    assertThat(failed(attempt, Kind.REFUSED)).isEmpty();
    assertThat(outbox()).extracting(CredentialState::version).containsExactly(2L);
  }

  @Test
  void aRefusedFirstAttemptThatLostLeavesTheDueTimeOfTheWinner() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    CredentialState consent = put("consent", GRANT + 1, Duration.ofHours(1));
    failed(attempt, Kind.REFUSED);
    assertThat(dueAt()).isEqualTo(consent.nextRefreshAt());
  }

  @Test
  void anUnreadableAnswerOfABaseThatRedisHasLostWaitsForTheHealing() {
    connected();
    Attempt ahead = new Attempt("a", 0, GRANT, 5, sealed("fifth"), 0, Instant.EPOCH, false);
    assertThatThrownBy(() -> store.fail(KEY, ahead, unreadable()))
        .isInstanceOf(NotReadyException.class);
    Attempt consent = new Attempt("a", 0, GRANT + 1, 1, sealed("new"), 0, Instant.EPOCH, false);
    assertThatThrownBy(() -> store.fail(KEY, consent, unreadable()))
        .isInstanceOf(NotReadyException.class);
    assertThat(field("unreadable")).isNull();
  }

  @Test
  void anUnreadableAnswerIsKeptWhicheverAttemptOfItsBaseBroughtIt() {
    connected();
    Attempt late = begun(begin(1, "a"));
    Attempt other = new Attempt("b", 0, GRANT, 1, late.sealed(), 0, late.at(), false);
    assertThat(store.fail(KEY, other, unreadable())).isPresent();
    assertThat(field("unreadable")).isEqualTo("<html>");
  }

  private static Failure unreadable() {
    Reason reason = Reason.of(Reason.UNREADABLE_ANSWER);
    return new Failure(Kind.UNREADABLE, reason, NO_WAIT, sealed("<html>"));
  }
}
