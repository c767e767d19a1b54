package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Begin.Begun;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.ReuseWindow;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The orders of events that once broke a draft of the protocol, each by hand. */
class InterleavingTest extends OwnerFixture {

  @Test
  void ofTwoWorkersOnOneEventOneBegins() {
    work();
    CredentialState first = said(connected());
    assertThat(liftedBegin(first)).isInstanceOf(Begun.class);
    assertThat(begin(first.version(), "b")).isInstanceOf(Begin.Busy.class);
  }

  @Test
  void twoProbesNeverRunAtOnce() {
    work();
    vanished();
    liftedBegin(said(current()));
    work();
    assertThat(begun(begin(1, "b")).probe()).isTrue();
    assertThat(begin(1, "c")).isInstanceOf(Begin.Busy.class);
  }

  @Test
  void aProbeThatVanishesIsWaitedForAsTheFirstAttemptWas() {
    work();
    vanished();
    liftedBegin(said(current()));
    work();
    begun(begin(1, "b"));
    leaseOverSince(Duration.ofMillis(1));
    assertThat(begin(1, "c")).isInstanceOf(Begin.Unknown.class);
  }

  @Test
  void aLateCommitOvertakesAProbeWhichThenFindsOtherTokens() {
    work();
    Attempt late = vanished();
    liftedBegin(said(current()));
    work();
    Attempt probe = begun(begin(1, "b"));
    CredentialState second = commit(late, "second");
    assertThat(current().tokenGen()).isNotEqualTo(probe.tokenGen());
    assertThat(failed(probe, Kind.REFUSED)).isEmpty();
    assertThat(store.commit(KEY, probe, true, tokens("third")))
        .isInstanceOf(Commit.Superseded.class);
    assertThat(current()).isEqualTo(second);
  }

  @Test
  void aCommitAfterTheRefusalOfItsProbeBringsTheCredentialBack() {
    work();
    Attempt late = vanished();
    liftedBegin(said(current()));
    work();
    CredentialState refused = failed(begun(begin(1, "b")), Kind.REFUSED).orElseThrow();
    assertThat(refused.status()).isEqualTo(Status.REAUTHORIZATION_REQUIRED);
    CredentialState second = commit(late, "second");
    assertThat(second.status()).isEqualTo(Status.ACTIVE);
    assertThat(second).isGreaterThan(refused);
    assertThat(dueAt()).isBeforeOrEqualTo(second.changedAt());
  }

  @Test
  void aLateRefusalAfterANewConsentHarmsNobody() {
    work();
    Attempt late = begun(liftedBegin(said(connected())));
    CredentialState consent = put("consent", GRANT + 1, Duration.ofHours(1));
    Attempt next = begun(begin(consent.version(), "b"));
    assertThat(failed(late, Kind.REFUSED)).isEmpty();
    assertThat(commit(next, "second of the consent").status()).isEqualTo(Status.ACTIVE);
  }

  @Test
  void anAnswerThatMeetsAFailoverIsCommittedByTheOwnerBeforeAnybodyMayBegin() {
    work();
    CredentialState first = said(connected());
    Attempt attempt = begun(liftedBegin(first));
    unfence();
    assertThatThrownBy(() -> store.commit(KEY, attempt, true, tokens("second")))
        .isInstanceOf(NotReadyException.class);
    topics.publish(answer(attempt.tokenGen(), "second"));
    while (!attend().ready()) {
      assertThatThrownBy(() -> begin(first.version(), "b")).isInstanceOf(NotReadyException.class);
      owner.turn();
    }
    assertThat(current().sealed()).isEqualTo(sealed("second"));
    assertThat(begin(current().version(), "b")).isInstanceOf(Begin.NotYet.class);
  }

  @Test
  void anAnswerThatWasCommittedUnheardAndJournaledIsOneVersion() {
    work();
    Attempt attempt = begun(liftedBegin(said(connected())));
    CredentialState second = commit(attempt, "second");
    topics.publish(answer(attempt.tokenGen(), "second"));
    topics.publish(answer(attempt.tokenGen(), "second"));
    work();
    assertThat(current()).isEqualTo(second);
    assertThat(Set.copyOf(topics.states(SHARD))).hasSize(2);
  }

  @Test
  void anAnswerOfAnEmptiedRedisIsNotFollowedByAReplay() {
    work();
    CredentialState first = said(connected());
    Attempt attempt = begun(liftedBegin(first));
    emptyRedis();
    work();
    assertThat(begin(first.version(), "b")).isInstanceOf(Begin.NotYet.class);
    topics.publish(answer(attempt.tokenGen(), "second"));
    quarantineEnds();
    while (attend().quarantined()) {
      assertThat(begin(first.version(), "b")).isNotInstanceOf(Begun.class);
      owner.turn();
    }
    assertThat(store.begin(KEY, first.version(), "b", ReuseWindow.NONE))
        .isInstanceOf(Begin.Stale.class);
  }

  @Test
  void aVersionOfTheLostRedisThatArrivesLateIsNeitherGivenOutAgainNorLeftLast() {
    work();
    CredentialState first = said(connected());
    CredentialState late =
        failed(begun(liftedBegin(first)), Kind.UNAVAILABLE).orElseThrow(); // on its way
    emptyRedis();
    topics.publish(answer(first.tokenGen(), "second"));
    work();
    CredentialState second = current();
    onTopic(late);
    work();
    assertThat(second.version()).isNotEqualTo(late.version());
    assertThat(topics.states(SHARD)).containsExactly(first, second, late, second);
    assertThat(current()).isEqualTo(second);
  }

  @Test
  void aVersionOfTheLostRedisThatArrivesFirstIsTakenOver() {
    work();
    CredentialState first = said(connected());
    CredentialState second = commit(begun(liftedBegin(first)), "second"); // on its way
    emptyRedis();
    work();
    onTopic(second);
    work();
    assertThat(current()).isEqualTo(second);
    quarantineEnds();
    work();
    assertThat(begun(begin(second.version(), "b")).tokenGen()).isEqualTo(2);
  }

  @Test
  void aMarkOfTheLostRedisHidesNoVersionThatNobodyWasTold() {
    work();
    CredentialState first = said(connected());
    CredentialState second = commit(begun(liftedBegin(first)), "second");
    emptyRedis();
    work();
    published(second); // it never arrived
    quarantineEnds();
    work();
    CredentialState unsaid = commit(begun(begin(first.version(), "b")), "third");
    assertThat(outbox()).containsExactly(unsaid);
    assertThat(begin(first.version(), "c")).isEqualTo(new Begin.Unpublished(unsaid));
  }

  @Test
  void aVersionGivenOutBetweenTwoLossesIsNotGivenOutAgain() {
    work();
    CredentialState first = said(connected());
    emptyRedis();
    work();
    CredentialState between = failed(begun(liftedBegin(first)), Kind.UNAVAILABLE).orElseThrow();
    emptyRedis();
    // the second in which the next healing begins
    shardField("epoch", Long.toString(between.version() + 60));
    work();
    CredentialState after = failed(begun(liftedBegin(first)), Kind.UNAVAILABLE).orElseThrow();
    assertThat(after.version()).isGreaterThan(between.version());
  }
}
