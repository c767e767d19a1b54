package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Begin.Begun;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the owner of a shard does, turn by turn. */
class ShardOwnerTest extends OwnerFixture {
  private static final Duration QUARANTINE = TIMES.lease().plus(TIMES.delivery());

  // Healing

  @Test
  void anEmptyRedisAtTheStartIsFilledFromTheTopic() {
    CredentialState state = onTopic(state(2, 5, "second"));
    work();
    assertThat(owner.ready()).isTrue();
    assertThat(owner.applied()).isEqualTo(1);
    assertThat(store.find(KEY)).contains(state);
    assertThat(topics.states(SHARD)).containsExactly(state);
  }

  @Test
  void aFreshInstallationIsReadyWithoutQuarantine() {
    everDue = false;
    work();
    assertThat(attend().ready()).isTrue();
    assertThat(attend().quarantined()).isFalse();
  }

  @Test
  void nothingIsReadyBeforeTopicAndJournalAreApplied() {
    topics.topic.most = 1;
    topics.journal.most = 1;
    onTopic(state(1, 1, "first"));
    onTopic(state(2, 2, "second"));
    topics.publish(answer(2, "third"));
    int turns = 0;
    while (!attend().ready()) {
      assertThat(turns++).isLessThan(20);
      owner.turn();
    }
    assertThat(turns).isGreaterThanOrEqualTo(3);
    assertThat(tokenGen()).isEqualTo(3);
  }

  @Test
  void aRedisThatIsEmptiedWhileRunningIsFilledAgain() {
    work();
    CredentialState first = said(connected());
    CredentialState second = said(commit(begun(liftedBegin(first)), "second"));
    work();
    emptyRedis();
    assertThat(owner.turn()).isTrue();
    work();
    assertThat(store.find(KEY)).contains(second);
    assertThat(begin(second.version(), "b")).isInstanceOf(Begin.NotYet.class);
    assertThat(topics.states(SHARD)).containsExactly(first, second);
  }

  @Test
  void aRedisThatCameBackWithOlderDataIsBroughtUpToTheTopic() {
    work();
    CredentialState first = said(connected());
    work();
    Map<String, byte[]> backup = dump();
    CredentialState second = said(commit(begun(liftedBegin(first)), "second"));
    work();
    restore(backup);
    work();
    assertThat(store.find(KEY)).contains(second);
    assertThat(attend().quarantined()).isTrue();
  }

  @Test
  void aRedisThatCameBackWithAnOlderAttemptWaitsForItAndTakesItsCommit() {
    work();
    CredentialState first = said(connected());
    work();
    Attempt attempt = begun(liftedBegin(first));
    Map<String, byte[]> backup = dump();
    restore(backup);
    work();
    assertThat(field("attempt")).isEqualTo("a");
    CredentialState second = commit(attempt, "second");
    assertThat(second.tokenGen()).isEqualTo(2);
    assertThat(second.version()).isEqualTo(afterHealing(1));
  }

  @Test
  void whatRedisHeldAndNobodyWasToldSurvivesAFailover() {
    work();
    CredentialState first = said(connected());
    work();
    CredentialState unsaid = commit(begun(liftedBegin(first)), "second");
    shardField("fence", "0123456789abcdef0123456789abcdef01234567");
    work();
    assertThat(store.find(KEY)).contains(unsaid);
    ageOutbox();
    work();
    assertThat(topics.states(SHARD)).endsWith(unsaid);
  }

  @Test
  void aTopicThatEndsBeforeWhatWasAppliedIsReadFromItsStart() {
    work();
    CredentialState first = said(connected());
    work();
    shardField("topic_offset", "99");
    work();
    assertThat(attend().topicOffset()).isEqualTo(1);
    assertThat(store.find(KEY)).contains(first);
  }

  @Test
  void startingOverReadsEverythingAgainAndSaysNothing() {
    onTopic(state(1, 1, "first"));
    onTopic(state(2, 2, "second"));
    work();
    redis.call(client -> client.del(connectionHash()));
    owner.startOver();
    work();
    assertThat(tokenGen()).isEqualTo(2);
    owner.startOver();
    work();
    assertThat(topics.states(SHARD)).hasSize(2);
  }

  @Test
  void aBeginThatIsBehindSendsTheOwnerBackToTheStart() {
    work();
    CredentialState first = said(connected());
    CredentialState second = said(commit(begun(liftedBegin(first)), "second"));
    work();
    heldBack(first); // this Redis, a moment ago, without anybody noticing
    assertThat(begin(second.version(), "b")).isInstanceOf(Begin.Behind.class);
    work();
    assertThat(store.find(KEY)).contains(second);
  }

  @Test
  void kafkaThatIsAwayAtAnyStepOfAHealingIsWaitedFor() {
    onTopic(state(1, 1, "first"));
    topics.publish(answer(1, "second"));
    for (int turns = 0; !attend().ready(); turns++) {
      assertThat(turns).isLessThan(60);
      if (turns % 3 == 0) {
        topics.topic.away = 1;
      } else if (turns % 3 == 1) {
        topics.journal.away = 1;
      }
      turn();
    }
    work();
    assertThat(tokenGen()).isEqualTo(2);
  }

  @Test
  void twoOwnersAtOnceHealOnceAndDisturbNobody() {
    topics.topic.most = 1;
    topics.journal.most = 1;
    for (int version = 1; version <= 6; version++) {
      onTopic(state(version, version, "t" + version));
    }
    topics.publish(answer(6, "seventh"));
    topics.publish(consent("later", GRANT + 1));
    ShardOwner other = owner();
    for (int turns = 0; !owner.ready() || !other.ready(); turns++) {
      assertThat(turns).isLessThan(100);
      owner.turn();
      other.turn();
    }
    work();
    assertThat(store.find(KEY).orElseThrow().grant()).isEqualTo(GRANT + 1);
    assertThat(topics.states(SHARD)).hasSizeLessThan(12).doesNotContainNull();
    assertThat(Set.copyOf(topics.states(SHARD))).hasSize(8);
  }

  @Test
  void whatWaitsInTheJournalIsCountedBeforeItIsRead() {
    onTopic(state(1, 1, "first"));
    topics.journal.most = 1;
    topics.publish(answer(1, "second"));
    topics.publish(consent("older", 1));
    topics.publish(consent("old", 2));
    List<Long> waiting = new ArrayList<>();
    for (int turns = 0; !owner.ready() && turns < 100; turns++) {
      owner.turn();
      waiting.add(owner.journalWaiting());
    }
    assertThat(waiting).containsSubsequence(2L, 1L, 0L).doesNotContain(3L); // one is read at once
    work();
    assertThat(owner.journalWaiting()).isZero();
  }

  // Quarantine

  @Test
  void theQuarantineIsLiftedOnlyAfterTopicAndJournalAreAppliedPastIt() {
    CredentialState first = onTopic(state(1, 1, "first"));
    work();
    Instant until = attend().quarantineUntil();
    Instant fenced = Instant.ofEpochMilli(Long.parseLong(String.valueOf(shardField("fence_at"))));
    assertThat(until).isEqualTo(fenced.plus(QUARANTINE));
    assertThat(begin(1, "a")).isEqualTo(new Begin.NotYet(until));
    work();
    assertThat(attend().quarantined()).isTrue();

    quarantineEnds();
    topics.topic.most = 1;
    topics.journal.most = 1;
    said(state(1, 2, "first"));
    topics.publish(answer(1, "second"));
    topics.publish(consent("old", 1));
    while (attend().quarantined()) {
      assertThat(begin(first.version(), "a")).isNotInstanceOf(Begun.class);
      owner.turn();
    }
    assertThat(attend().topicOffset()).isGreaterThanOrEqualTo(2);
    assertThat(attend().journalOffset()).isEqualTo(2);
    assertThat(tokenGen()).isEqualTo(2);
  }

  @Test
  void aProbeWaitsUntilTheOwnerHasReadTheJournal() {
    work();
    Attempt vanished = vanished();
    assertThat(liftedBegin(said(current()))).isInstanceOf(Begin.Unknown.class);
    topics.publish(answer(vanished.tokenGen(), "second"));
    work();
    assertThat(tokenGen()).isEqualTo(2);
    assertThat(begin(1, "b")).isInstanceOf(Begin.Stale.class);
  }

  @Test
  void aProbeFollowsOnceTheJournalIsReadInVain() {
    work();
    vanished();
    assertThat(liftedBegin(said(current()))).isInstanceOf(Begin.Unknown.class);
    work();
    assertThat(begun(begin(1, "c")).probe()).isTrue();
  }

  // Journal

  @Test
  void anAnswerThatCameWhileRedisWasAwayIsCommittedAndSaid() {
    work();
    CredentialState first = said(connected());
    Attempt attempt = begun(liftedBegin(first));
    emptyRedis();
    topics.publish(answer(attempt.tokenGen(), "second"));
    work();
    CredentialState second = current();
    assertThat(second.sealed()).isEqualTo(sealed("second"));
    assertThat(second.tokenGen()).isEqualTo(2);
    assertThat(second.version()).isEqualTo(afterHealing(1));
    assertThat(topics.states(SHARD)).containsExactly(first, second);
    assertThat(attend().journalOffset()).isEqualTo(1);
  }

  @Test
  void aJournalThatIsReadAgainBringsNothingNew() {
    work();
    said(connected());
    topics.publish(answer(1, "second"));
    work();
    CredentialState second = current();
    owner.startOver();
    work();
    assertThat(current()).isEqualTo(second);
    assertThat(Set.copyOf(topics.states(SHARD))).hasSize(2);
  }

  @Test
  void theJournalsOffsetMovesOnlyAfterThePublication() {
    work();
    said(connected());
    topics.publish(answer(1, "second"));
    for (int failures = 0; failures < 2; failures++) {
      topics.unreached = 1;
      assertThatThrownBy(this::work).isInstanceOf(UnavailableException.class);
      assertThat(attend().journalOffset()).isZero();
    }
    topics.unheard = 1;
    assertThatThrownBy(this::work).isInstanceOf(UnavailableException.class);
    assertThat(attend().journalOffset()).isZero();
    work();
    assertThat(attend().journalOffset()).isEqualTo(1);
    assertThat(Set.copyOf(topics.states(SHARD))).hasSize(2).contains(current());
    assertThat(outbox()).isEmpty();
  }

  @Test
  void aConsentThatCameWhileRedisWasAwayIsStoredAndSaid() {
    topics.publish(consent("auth", GRANT));
    work();
    assertThat(current().sealed()).isEqualTo(sealed("consent"));
    assertThat(topics.states(SHARD)).containsExactly(current());
  }

  @Test
  void aConsentThatCameTooLateIsSaidToHaveFailedBeforeItIsSettled() {
    work();
    said(connected());
    topics.publish(consent("late", GRANT - 1));
    topics.unreached = 1;
    assertThatThrownBy(this::work).isInstanceOf(UnavailableException.class);
    assertThat(codes.progress(KEY, "late")).isInstanceOf(Progress.Pending.class);
    work();
    assertThat(topics.others).singleElement().isInstanceOf(AuthorizationFailed.class);
    assertThat(codes.progress(KEY, "late"))
        .isEqualTo(new Progress.Failed(Reason.of(Reason.SUPERSEDED)));
  }

  @Test
  void anAnswerAfterADeletionStaysDeleted() {
    work();
    said(connected());
    said(store.delete(KEY, GRANT + 1).orElseThrow());
    topics.publish(answer(1, "second"));
    work();
    assertThat(current().sealed()).isNull();
    assertThat(topics.states(SHARD)).hasSize(2);
  }

  // What comes last on the topic

  @Test
  void anOlderRecordThatComesLastIsFollowedByTheCurrentOneOnce() {
    CredentialState first = state(1, 1, "first");
    CredentialState second = onTopic(state(2, 2, "second"));
    work();
    onTopic(first);
    work();
    work();
    assertThat(topics.states(SHARD)).containsExactly(second, first, second);
    assertThat(attend().topicOffset()).isEqualTo(3);
  }

  @Test
  void anOlderRecordThatTheCurrentOneFollowsIsLeftAlone() {
    CredentialState first = state(1, 1, "first");
    CredentialState second = state(2, 2, "second");
    for (int most : new int[] {1, 500}) {
      topics.topic.most = most;
      onTopic(second);
      work();
      onTopic(first);
      onTopic(second);
      work();
    }
    assertThat(topics.states(SHARD)).hasSize(6);
    assertThat(attend().topicOffset()).isEqualTo(6);
  }

  @Test
  void anOlderRecordThatComesLastIsFoundByTheNextOwnerToo() {
    CredentialState first = state(1, 1, "first");
    CredentialState second = onTopic(state(2, 2, "second"));
    work();
    onTopic(first);
    owner.turn(); // reads it, and dies
    owner = owner();
    work();
    assertThat(topics.states(SHARD)).endsWith(first, second);
  }

  @Test
  void anOlderRecordIsNotForgottenWhileKafkaIsAway() {
    CredentialState first = state(1, 1, "first");
    CredentialState second = onTopic(state(2, 2, "second"));
    work();
    onTopic(first);
    topics.unreached = 2;
    assertThatThrownBy(this::work).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(this::work).isInstanceOf(UnavailableException.class);
    work();
    assertThat(topics.states(SHARD)).containsExactly(second, first, second);
  }

  // What was left behind

  @Test
  void aVersionWhoseWriterDiedIsSaid() {
    work();
    CredentialState unsaid = connected();
    work();
    assertThat(topics.states(SHARD)).isEmpty();
    ageOutbox();
    work();
    assertThat(topics.states(SHARD)).containsExactly(unsaid);
  }

  @Test
  void aCodeWhoseWorkerVanishedIsSettledOnlyAfterTheJournal() {
    work();
    codes.begin(code("auth"), "a");
    redis.call(client -> client.zadd(shardHash().replace("shard", "codes"), 1, KEY + " auth"));
    topics.publish(consent("auth", GRANT));
    work();
    assertThat(codes.progress(KEY, "auth")).isInstanceOf(Progress.Connected.class);
    assertThat(topics.others).isEmpty();
  }

  @Test
  void aCodeWhoseWorkerVanishedWithoutATraceFails() {
    work();
    codes.begin(code("auth"), "a");
    work();
    assertThat(codes.progress(KEY, "auth")).isInstanceOf(Progress.Pending.class);
    redis.call(client -> client.zadd(shardHash().replace("shard", "codes"), 1, KEY + " auth"));
    topics.unreached = 1;
    assertThatThrownBy(this::work).isInstanceOf(UnavailableException.class);
    work();
    assertThat(topics.others).singleElement().isInstanceOf(AuthorizationFailed.class);
    assertThat(((Progress.Failed) codes.progress(KEY, "auth")).reason().code())
        .isEqualTo(Reason.OUTCOME_UNKNOWN);
  }
}
