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
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.refresh.DueIndex.Due;
import java.time.Duration;
import java.time.Instant;
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
  void commitBetweenFollowUpsKeepsAttemptAndLeaseAndSaysNothing() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    String lease = field("lease_until");
    assertThat(store.commit(KEY, attempt, false, tokens("second")))
        .isEqualTo(new Commit.Committed(Optional.empty()));
    assertThat(field("attempt")).isEqualTo("a");
    assertThat(field("lease_until")).isEqualTo(lease);
    assertThat(field("token_gen")).isEqualTo("2");
    assertThat(field("version")).isEqualTo("1");
  }

  @Test
  void commitOfTheLastStageIsOnePublication() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    store.commit(KEY, attempt, false, tokens("second"));
    Attempt last = new Attempt("a", 1, GRANT, 2, sealed("second"), 0, attempt.at(), false);
    CredentialState state = commit(last, "third");
    assertThat(state.version()).isEqualTo(2);
    assertThat(state.tokenGen()).isEqualTo(3);
    assertThat(field("attempt")).isNull();
    assertThat(field("stage")).isNull();
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
