package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.PutCondition;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A new consent wins over whatever is in flight. */
class PutTest extends StoreFixture {
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
  void putClearsWhatTheOldConsentLeft() {
    connected();
    published(failed(begun(begin(1, "a")), Kind.REFUSED).orElseThrow());
    CredentialState state = put("consent", GRANT + 1, Duration.ofHours(1));
    assertThat(state.status()).isEqualTo(Status.ACTIVE);
    assertThat(state.reason()).isNull();
    assertThat(dueAt()).isEqualTo(state.nextRefreshAt());
  }

  @Test
  void putClearsTheBackoffAndTheAttempt() {
    connected();
    store.fail(KEY, begun(begin(1, "a")), failure(Kind.THROTTLED, Duration.ofHours(1)));
    CredentialState state = put("consent", GRANT + 1, Duration.ofHours(1));
    assertThat(begun(begin(state.version(), "b")).failures()).isZero();
  }

  @Test
  void putForgetsWhichCommitCameLast() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    commit(attempt, "second");
    put("consent", GRANT + 1, Duration.ofHours(1));
    assertThat(store.commit(KEY, attempt, true, tokens("second")))
        .isInstanceOf(Commit.Superseded.class);
  }

  @Test
  void aConsentOfBeforeTheHealingLeavesTheGapAndALaterOneDoesNot() {
    assertThat(put("old", 1, Duration.ofHours(1)).version()).isEqualTo(afterHealing(0));
    redis.call(client -> client.del(connectionHash()));
    assertThat(put("consent", GRANT, Duration.ofHours(1)).version()).isEqualTo(1);
  }

  @Test
  void putWhereNothingLivesIsStoredOverNothingAndOverADeletionOnly() {
    PutCondition absent = new PutCondition.Absent();
    assertThat(store.put(KEY, GRANT, "import", tokens("first"), absent))
        .get()
        .isInstanceOf(Put.Stored.class);
    assertThat(store.put(KEY, GRANT + 1, "import", tokens("second"), absent)).isEmpty();
    assertThat(found().grant()).isEqualTo(GRANT);
    store.delete(KEY, GRANT + 2);
    assertThat(store.put(KEY, GRANT + 3, "import", tokens("third"), absent))
        .get()
        .isInstanceOf(Put.Stored.class);
  }

  @Test
  void putOverWhatWasSeenIsStoredOverThatVersionOnly() {
    PutCondition nothing = new PutCondition.Exactly(GRANT, 1);
    assertThat(store.put(KEY, GRANT + 1, "import", tokens("none"), nothing)).isEmpty();
    CredentialState seen = connected();
    PutCondition exactly = new PutCondition.Exactly(seen.grant(), seen.version());
    commit(begun(begin(1, "a")), "second");
    assertThat(store.put(KEY, GRANT + 1, "import", tokens("late"), exactly)).isEmpty();
    assertThat(found().sealed()).isEqualTo(sealed("second"));

    CredentialState now = found();
    assertThat(
            store.put(
                KEY,
                GRANT + 1,
                "import",
                tokens("import"),
                new PutCondition.Exactly(now.grant(), now.version())))
        .get()
        .isInstanceOf(Put.Stored.class);
    assertThat(found().sealed()).isEqualTo(sealed("import"));
  }

  @Test
  void putOverAVersionThatWasDeletedIsNoPut() {
    CredentialState seen = connected();
    CredentialState deleted = store.delete(KEY, GRANT + 1).orElseThrow();
    for (CredentialState state : List.of(seen, deleted)) {
      PutCondition exactly = new PutCondition.Exactly(state.grant(), state.version());
      assertThat(store.put(KEY, GRANT + 2, "import", tokens("late"), exactly)).isEmpty();
    }
    assertThat(found().status()).isEqualTo(Status.DELETED);
  }

  private CredentialState found() {
    return store.find(KEY).orElseThrow();
  }
}
