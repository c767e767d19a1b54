package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.credentials.RedisShards.Healed;
import dev.perennial.credentials.RedisShards.Placed;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.authorization.PendingAuthorizations;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Begin.Begun;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What a record of the topic does to what is stored: the order (grant, token_gen, version) wins.
 */
class HealTest extends StoreFixture {
  private static final Instant AT = Instant.parse("2026-05-01T10:00:00Z");

  private long offset;

  @Test
  void anAbsentCredentialIsRestoredWhole() {
    CredentialState record =
        new CredentialState(
            KEY,
            GRANT,
            3,
            7,
            Status.REFRESH_FAILING,
            Change.REFRESH_FAILED,
            new Reason(Reason.UNAVAILABLE, "because"),
            sealed("third"),
            AT.minusSeconds(60),
            AT.plusSeconds(3600),
            AT.plusSeconds(1800),
            "Bearer",
            "mail",
            AT,
            new GrantEnd(AT.plusSeconds(7200), true),
            Duration.ofDays(3));
    assertThat(heal(record).applied()).isEqualTo(1);
    assertThat(store.find(KEY)).contains(record);
    assertThat(field("published")).isEqualTo("7");
    assertThat(outbox()).isEmpty();
    assertThat(dueAt()).isEqualTo(record.nextRefreshAt());
  }

  @Test
  void endsAreWatchedAgainAndAnEndThatIsNotKnownAnyMoreIsForgotten() {
    heal(ending(1, new GrantEnd(AT, false)));
    assertThat(attend().ends()).isOne();
    assertThat(heal(ending(2, new GrantEnd(AT, true))).applied()).isEqualTo(1);
    assertThat(attend().ends()).isZero();
    heal(ending(3, new GrantEnd(AT, false)));
    assertThat(attend().ends()).isOne();
    CredentialState unknown = state(GRANT, 4, 4, "fourth", null);
    heal(unknown);
    assertThat(store.find(KEY)).contains(unknown);
    assertThat(attend().ends()).isZero();
  }

  private static CredentialState ending(long version, GrantEnd end) {
    return new CredentialState(
        KEY,
        GRANT,
        version,
        version,
        Status.ACTIVE,
        Change.EXPIRING,
        null,
        sealed("some"),
        AT,
        null,
        null,
        null,
        null,
        AT,
        end,
        Duration.ofDays(1));
  }

  @Test
  void theDueIndexIsRebuilt() {
    heal(state(GRANT, 1, 1, "first", AT.minusSeconds(5)));
    assertThat(claim()).singleElement().matches(due -> due.key().equals(KEY) && due.version() == 1);
    heal(state(GRANT, 2, 2, "second", null));
    assertThat(dueField()).isNull();
  }

  @Test
  void anEqualRecordIsTheSameAndMarksThePublication() {
    CredentialState stored = connected();
    Healed healed = heal(stored);
    assertThat(healed.applied()).isZero();
    assertThat(healed.regressed()).isEmpty();
    assertThat(field("published")).isEqualTo("1");
    assertThat(outbox()).isEmpty();
    assertThat(store.find(KEY)).contains(stored);
  }

  @Test
  void aNewerGrantWinsOverAHigherTokenGenAndVersion() {
    heal(state(GRANT, 5, 9, "old consent", null));
    assertThat(heal(state(GRANT + 1, 1, 2, "consent", null)).applied()).isEqualTo(1);
    assertThat(tokensStored()).isEqualTo(sealed("consent"));
  }

  @Test
  void aHigherTokenGenWinsOverAHigherVersion() {
    heal(state(GRANT, 1, 9, "first", null));
    assertThat(heal(state(GRANT, 2, 3, "second", null)).applied()).isEqualTo(1);
    assertThat(tokensStored()).isEqualTo(sealed("second"));
    heal(state(GRANT, 1, 12, "first", null));
    assertThat(tokensStored()).isEqualTo(sealed("second"));
  }

  @Test
  void aLowerRecordOfAPublishedStateRegresses() {
    CredentialState first = connected();
    published(commit(begun(begin(1, "a")), "second"));
    Healed healed = heal(first);
    assertThat(healed.applied()).isZero();
    assertThat(healed.regressed()).containsOnlyKeys(KEY.toString());
    assertThat(tokensStored()).isEqualTo(sealed("second"));
  }

  @Test
  void aLowerRecordOfAnUnpublishedStateIsLeftToTheOutbox() {
    CredentialState first = connected();
    CredentialState second = commit(begun(begin(1, "a")), "second");
    assertThat(heal(first).regressed()).isEmpty();
    assertThat(outbox()).containsExactly(second);
  }

  @Test
  void aLowerRecordThatANewerOneFollowsInTheSameStretchDoesNotRegress() {
    CredentialState first = connected();
    CredentialState second = commit(begun(begin(1, "a")), "second");
    published(second);
    assertThat(heal(first, second).regressed()).isEmpty();
    assertThat(heal(first, second, first).regressed()).hasSize(1);
  }

  @Test
  void theOffsetThatIsStoredStaysBeforeARegression() {
    CredentialState first = connected();
    published(commit(begun(begin(1, "a")), "second"));
    CredentialState other =
        new CredentialState(
            neighbour(),
            GRANT,
            1,
            1,
            Status.ACTIVE,
            Change.CONNECTED,
            null,
            sealed("other"),
            null,
            null,
            null,
            null,
            null,
            AT);
    heal(other, first, other);
    assertThat(attend().topicOffset()).isEqualTo(1);
  }

  @Test
  void versionsGoOnAboveEveryOneThatWasSeen() {
    long high = 9_000_000_000L; // above what the second of a healing makes of it
    heal(state(GRANT, 1, high, "first", null));
    heal(state(GRANT, 2, 3, "second", null));
    Attempt attempt = begun(begin(3, "a"));
    assertThat(commit(attempt, "third").version()).isGreaterThan(high);
  }

  @Test
  void versionsGoOnAboveEveryOneThatWasSeenBelowWhatIsStored() {
    CredentialState stored = connected();
    published(stored);
    CredentialState second = commit(begun(begin(1, "a")), "second");
    published(second);
    heal(state(GRANT, 1, 3, "first", null)); // a failure that a lost Redis gave out
    assertThat(commit(begun(begin(second.version(), "b")), "third").version()).isEqualTo(4);
  }

  @Test
  void theFirstVersionAfterAHealingLeavesAGap() {
    heal(state(GRANT, 1, 1, "first", null));
    CredentialState second = commit(begun(begin(1, "a")), "second");
    assertThat(second.version()).isEqualTo(afterHealing(1));
    published(second);
    CredentialState third = commit(begun(begin(second.version(), "b")), "third");
    assertThat(third.version()).isEqualTo(second.version() + 1);
  }

  @Test
  void theGapIsAlsoOfConnectionsWhoseRecordsWereAppliedBefore() {
    connected(); // healing begins behind its record
    unfence();
    RedisShards.View view = attend();
    shards.ready(SHARD, view.run(), view.topicOffset(), Duration.ZERO);
    assertThat(commit(begun(begin(1, "a")), "second").version()).isEqualTo(afterHealing(1));
  }

  @Test
  void aConsentAfterTheHealingStartsAtTheFirstVersion() {
    assertThat(connected().version()).isEqualTo(1);
  }

  @Test
  void theAttemptStaysWhereTheTokensAreTheSame() {
    connected();
    Attempt attempt = begun(begin(1, "a"));
    heal(state(GRANT, 1, 5, "first", null));
    assertThat(begin(5, "b")).isInstanceOf(Begin.Busy.class);
    assertThat(commit(attempt, "second").tokenGen()).isEqualTo(2);
  }

  @Test
  void theAttemptGoesWhereTheTokensAreOthers() {
    connected();
    begin(1, "a");
    heal(state(GRANT, 2, 5, "second", null));
    assertThat(begun(begin(5, "b")).tokenGen()).isEqualTo(2);
  }

  @Test
  void aBackoffOfTheLostStateIsForgotten() {
    connected();
    store.fail(KEY, begun(begin(1, "a")), failure(Kind.THROTTLED, Duration.ofHours(1)));
    heal(state(GRANT, 2, 5, "second", null));
    assertThat(begun(begin(5, "b")).failures()).isZero();
  }

  @Test
  void anUnreadableAnswerStopsAttemptsAlsoAfterItsBodyWasLost() {
    heal(unreadable(2));
    assertThat(begin(2, "a")).isInstanceOf(Begin.Stale.class);
    heal(state(GRANT, 2, 3, "second", null));
    assertThat(begin(3, "a")).isInstanceOf(Begun.class);
  }

  @Test
  void theBodyOfAnUnreadableAnswerIsKeptWhereTheTokensAreTheSame() {
    connected();
    Reason reason = Reason.of(Reason.UNREADABLE_ANSWER);
    Failure failure = new Failure(Kind.UNREADABLE, reason, NO_WAIT, sealed("<html>"));
    store.fail(KEY, begun(begin(1, "a")), failure);
    heal(unreadable(9));
    assertThat(field("unreadable")).isEqualTo("<html>");
  }

  @Test
  void aDeletionIsRestored() {
    connected();
    heal(
        new CredentialState(
            KEY,
            GRANT + 1,
            0,
            2,
            Status.DELETED,
            Change.DELETED,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            AT));
    assertThat(begin(2, "a")).isInstanceOf(Begin.Deleted.class);
    assertThat(store.find(KEY).orElseThrow().sealed()).isNull();
    assertThat(dueField()).isNull();
    assertThat(store.put(KEY, GRANT, "auth", tokens("late"))).isInstanceOf(Put.Superseded.class);
  }

  @Test
  void grantsGoOnAboveEveryOneThatWasSeen() {
    long future = 5_000_000_000_000_000L;
    heal(state(future, 1, 1, "first", null));
    PendingAuthorizations pending =
        new RedisPendingAuthorizations(redis, SHARDS, new SealedPayloads(new Unsealed()));
    assertThat(pending.nextGrant(KEY).number()).isEqualTo(future + 1);
  }

  private Healed heal(CredentialState... states) {
    List<Placed> records = new ArrayList<>();
    for (CredentialState state : states) {
      records.add(new Placed(offset + records.size(), state));
    }
    long from = attend().topicOffset();
    Healed healed = shards.heal(SHARD, attend().run(), from, offset + states.length, records);
    offset += states.length;
    return healed;
  }

  private static CredentialState state(
      long grant, long tokenGen, long version, String text, @Nullable Instant due) {
    return new CredentialState(
        KEY,
        grant,
        tokenGen,
        version,
        Status.ACTIVE,
        Change.REFRESHED,
        null,
        sealed(text),
        AT,
        AT.plusSeconds(3600),
        due,
        "Bearer",
        null,
        AT);
  }

  private static CredentialState unreadable(long version) {
    return new CredentialState(
        KEY,
        GRANT,
        1,
        version,
        Status.REFRESH_FAILING,
        Change.REFRESH_FAILED,
        Reason.of(Reason.UNREADABLE_ANSWER),
        sealed("first"),
        AT,
        AT.plusSeconds(3600),
        null,
        "Bearer",
        null,
        AT);
  }

  private Sealed tokensStored() {
    return Objects.requireNonNull(store.find(KEY).orElseThrow().sealed());
  }

  /** Another connection of the same shard. */
  private static ConnectionKey neighbour() {
    for (int i = 0; ; i++) {
      ConnectionKey key = new ConnectionKey("google", "n" + i);
      if (SHARDS.of(key) == SHARD) {
        return key;
      }
    }
  }
}
