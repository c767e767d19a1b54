package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.Event.AnswerJournaled;
import dev.perennial.domain.event.Event.ConsentJournaled;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the owner applies from the journal, fence or not. */
class OwnerStoreTest extends StoreFixture {
  private OwnerStore owner;

  @BeforeEach
  void own(RedisConnections redis) {
    owner = new OwnerStore(redis, SHARDS);
  }

  @Test
  void anAnswerIsCommittedWhileTheShardIsUnfenced() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    healing();
    assertThat(owner.commit(answer(attempt))).isInstanceOf(Commit.Committed.class);
    assertThat(field("token_gen")).isEqualTo("2");
  }

  @Test
  void anAnswerThatWasCommittedUnheardIsAlready() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    CredentialState state = commit(attempt, "second");
    assertThat(owner.commit(answer(attempt))).isEqualTo(new Commit.Already(state));
  }

  @Test
  void anAnswerToABaseThatIsGoneIsSuperseded() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    put("consent", GRANT + 1, Duration.ofHours(1));
    assertThat(owner.commit(answer(attempt))).isInstanceOf(Commit.Superseded.class);
  }

  @Test
  void anAnswerForAConnectionThatRedisHasLostIsStored() {
    Attempt lost = new Attempt("a", 0, GRANT, 4, sealed("x"), 0, Instant.EPOCH, false);
    CredentialState state = ((Commit.Committed) owner.commit(answer(lost))).state().orElseThrow();
    assertThat(state.grant()).isEqualTo(GRANT);
    assertThat(state.tokenGen()).isEqualTo(5);
    assertThat(state.sealed()).isEqualTo(sealed("answer"));
    assertThat(state.version()).isGreaterThan(16);
    assertThat(store.find(KEY)).contains(state);
    assertThat(dueAt()).isEqualTo(state.nextRefreshAt());
  }

  @Test
  void anAnswerBetweenFollowUpsForAConnectionThatRedisHasLostIsStoredAndSaid() {
    AnswerJournaled answer =
        new AnswerJournaled(KEY, "a", 0, false, GRANT, 4, tokens("answer"), Instant.now());
    assertThat(((Commit.Committed) owner.commit(answer)).state()).isPresent();
  }

  @Test
  void anAnswerThatIsIncompleteIsSaidToBe() {
    connected();
    AnswerJournaled whole = answer(begun(begin(1, "a")));
    Failure lacking = failure(Failure.Kind.UNAVAILABLE, Duration.ofMinutes(1));
    AnswerJournaled answer =
        new AnswerJournaled(
            KEY, "a", 0, true, GRANT, whole.tokenGen(), whole.tokens(), whole.at(), lacking);
    CredentialState state = ((Commit.Committed) owner.commit(answer)).state().orElseThrow();
    assertThat(state.status()).isEqualTo(Status.REFRESH_FAILING);
    assertThat(state.reason()).isEqualTo(lacking.reason());
    assertThat(state.sealed()).isEqualTo(sealed("answer"));
    assertThat(state.tokenGen()).isEqualTo(2);
    assertThat(begin(state.version(), "b")).isInstanceOf(Begin.NotYet.class);
  }

  @Test
  void aConsentIsStoredWhileTheShardIsUnfenced() {
    healing();
    Put put = owner.put(consent());
    assertThat(((Put.Stored) put).state().sealed()).isEqualTo(sealed("consent"));
    assertThat(owner.put(consent())).isInstanceOf(Put.Already.class);
  }

  @Test
  void nothingIsAppliedToARedisThatTheOwnerHasNotLookedAt() {
    CredentialState state = connected();
    Attempt attempt = begun(begin(1, "a"));
    unfence();
    assertThatThrownBy(() -> owner.commit(answer(attempt))).isInstanceOf(NotReadyException.class);
    assertThatThrownBy(() -> owner.put(consent())).isInstanceOf(NotReadyException.class);
    assertThatThrownBy(() -> owner.published(state)).isInstanceOf(NotReadyException.class);
    assertThatThrownBy(() -> owner.failCode(KEY, "auth", Reason.of(Reason.SUPERSEDED)))
        .isInstanceOf(NotReadyException.class);
    assertThat(store.find(KEY)).contains(state);
  }

  @Test
  void aConsentSettlesItsCode() {
    codes.begin(code("auth"), "a");
    healing();
    owner.put(consent());
    assertThat(codes.progress(KEY, "auth")).isInstanceOf(Progress.Connected.class);
  }

  @Test
  void aCodeThatCameTooLateIsSettledWhileTheShardIsUnfenced() {
    healing();
    Reason superseded = Reason.of(Reason.SUPERSEDED);
    owner.failCode(KEY, "auth", superseded);
    assertThat(codes.progress(KEY, "auth")).isEqualTo(new Progress.Failed(superseded));
  }

  @Test
  void aPublicationIsMarkedWhileTheShardIsUnfenced() {
    CredentialState state = connected();
    healing();
    owner.published(state);
    assertThat(field("published")).isEqualTo("1");
  }

  /** The lost Redis may have given out its first version already, and it may be on its way. */
  @Test
  void aConsentLeavesTheGap() {
    assertThat(((Put.Stored) owner.put(consent())).state().version()).isEqualTo(afterHealing(0));
  }

  /** The owner has begun to heal. */
  private void healing() {
    unfence();
    attend();
  }

  private static AnswerJournaled answer(Attempt attempt) {
    return new AnswerJournaled(
        KEY,
        attempt.id(),
        attempt.stage(),
        true,
        attempt.grant(),
        attempt.tokenGen(),
        tokens("answer"),
        Instant.now());
  }

  private static ConsentJournaled consent() {
    return new ConsentJournaled(KEY, "auth", GRANT, tokens("consent"), Instant.now());
  }
}
