package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Begin.Begun;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.domain.refresh.DueIndex.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who may store what an attempt brought. */
class CommitTest extends StoreFixture {
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

  @Test
  void aLostPublicationIsMadeUpForByTheNextBegin() {
    published(connected());
    CredentialState unsaid = commit(begun(begin(1, "a")), "second");
    assertThat(begin(1, "b")).isEqualTo(new Begin.Unpublished(unsaid));
    published(unsaid);
    assertThat(begin(1, "b")).isInstanceOf(Begin.Stale.class);
  }

  @Test
  void commitBetweenFollowUpsKeepsTheAttemptAndWhatIsPublishedAndSaysNothing() {
    CredentialState first = connected();
    published(first);
    Attempt attempt = begun(hastily(1, "a"));
    assertThat(store.commit(KEY, attempt, false, tokens("second")))
        .isEqualTo(new Commit.Committed(Optional.empty()));
    assertThat(field("attempt")).isEqualTo("a");
    assertThat(Long.parseLong(Objects.requireNonNull(field("lease_until"))))
        .isGreaterThanOrEqualTo(attempt.at().plus(AttemptTimes.DEFAULT.lease()).toEpochMilli());
    assertThat(store.find(KEY)).contains(first);
    assertThat(outbox()).isEmpty();
    assertThat(store.commit(KEY, attempt, false, tokens("second")))
        .isEqualTo(new Commit.Already(first));
  }

  @Test
  void commitOfTheLastStageIsOnePublication() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    store.commit(KEY, attempt, false, tokens("second"));
    CredentialState state = commit(stage1(attempt), "third");
    assertThat(state.version()).isEqualTo(2);
    assertThat(state.tokenGen()).isEqualTo(2);
    assertThat(state.sealed()).isEqualTo(sealed("third"));
    assertThat(field("attempt")).isNull();
    assertThat(field("stage")).isNull();
    assertThat(field("staged")).isNull();
    assertThat(field("staged_by")).isNull();
  }

  @Test
  void theFirstAnswerWithFollowUpsWinsOverAnothersAnswer() {
    connected();
    Attempt late = begun(hastily(1, "a"));
    field("expires_at", 1); // the probe's time has come
    shardField("journal_until", "9999999999999");
    Attempt probe = begun(await(() -> hastily(1, "b"), b -> b instanceof Begin.Begun));
    store.commit(KEY, late, false, tokens("second"));
    assertThat(store.commit(KEY, probe, false, tokens("other")))
        .isInstanceOf(Commit.Superseded.class);
    assertThat(store.commit(KEY, probe, true, tokens("other")))
        .isInstanceOf(Commit.Superseded.class);
    assertThat(failed(probe, Kind.REFUSED)).isEmpty();
    assertThat(commit(stage1(late), "third").sealed()).isEqualTo(sealed("third"));
  }

  @Test
  void aRedisThatIsBehindCannotTakeAnAnswerWithFollowUps() {
    connected();
    Attempt ahead = new Attempt("a", 0, GRANT, 5, sealed("fifth"), 0, Instant.EPOCH, false);
    assertThat(store.commit(KEY, ahead, false, tokens("sixth"))).isInstanceOf(Commit.Missing.class);
    assertThat(field("staged")).isNull();
  }

  @Test
  void commitWithoutANeededFollowUpKeepsTheTokensAndSaysThatItFails() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    store.commit(KEY, attempt, false, tokens("second"));
    CredentialState state = incomplete(stage1(attempt), "second");
    assertThat(state.status()).isEqualTo(Status.REFRESH_FAILING);
    assertThat(state.change()).isEqualTo(Change.REFRESH_FAILED);
    assertThat(state.reason()).isEqualTo(new Reason("unavailable", "because"));
    assertThat(state.sealed()).isEqualTo(sealed("second"));
    assertThat(state.tokenGen()).isEqualTo(2);
    assertThat(field("attempt")).isNull();
    assertThat(dueAt()).isEqualTo(state.changedAt().plus(Duration.ofMinutes(1)));
    published(state);
    assertThat(begin(state.version(), "b")).isInstanceOf(Begin.NotYet.class);
  }

  @Test
  void failuresOfNeededFollowUpsAreCounted() {
    CredentialState state = connected();
    for (int i = 1; i <= 2; i++) {
      published(state);
      redis.call(client -> client.hdel(connectionHash(), "next_attempt_at"));
      state = incomplete(begun(begin(state.version(), "a" + i)), "answer " + i);
      assertThat(field("failures")).isEqualTo(Integer.toString(i));
    }
  }

  private CredentialState incomplete(Attempt attempt, String text) {
    Commit commit =
        store.commit(
            KEY, attempt, true, tokens(text), failure(Kind.UNAVAILABLE, Duration.ofMinutes(1)));
    return ((Commit.Committed) commit).state().orElseThrow();
  }

  private static Attempt stage1(Attempt attempt) {
    return new Attempt(
        attempt.id(),
        1,
        attempt.grant(),
        attempt.tokenGen(),
        sealed("second"),
        0,
        attempt.at(),
        false);
  }

  @Test
  void commitOfABaseThatRedisHasLostStillCounts() {
    connected();
    Attempt ahead = new Attempt("a", 0, GRANT, 5, sealed("fifth"), 0, Instant.EPOCH, false);
    assertThat(commit(ahead, "sixth").tokenGen()).isEqualTo(6);
  }

  @Test
  void commitOfAConsentThatRedisHasLostStillCounts() {
    connected();
    Attempt ahead = new Attempt("a", 0, GRANT + 1, 1, sealed("consent"), 0, Instant.EPOCH, false);
    CredentialState state = commit(ahead, "second");
    assertThat(state.grant()).isEqualTo(GRANT + 1);
    assertThat(state.tokenGen()).isEqualTo(2);
  }

  @Test
  void commitClearsWhatFailuresLeft() {
    connected();
    published(failed(begun(begin(1, "a")), Kind.UNAVAILABLE).orElseThrow());
    CredentialState state =
        commit(begun(await(() -> begin(2, "b"), Begun.class::isInstance)), "second");
    assertThat(state.reason()).isNull();
    assertThat(state.status()).isEqualTo(Status.ACTIVE);
    published(state);
    assertThat(begun(begin(3, "c")).failures()).isZero();
  }

  @Test
  void commitMovesTheDueTime() {
    connected();
    IssuedTokens tokens = tokens("second", Duration.ofHours(9));
    store.commit(KEY, begun(begin(1, "a")), true, tokens);
    assertThat(dueAt()).isEqualTo(tokens.dueAt());
  }

  @Test
  void commitWithoutADueTimeLeavesTheIndex() {
    connected();
    IssuedTokens permanent =
        new IssuedTokens(sealed("second"), Instant.now(), null, null, "Bearer", null);
    store.commit(KEY, begun(begin(1, "a")), true, permanent);
    assertThat(dueField()).isNull();
  }
}
