package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Begin.Begun;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.refresh.AttemptTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lease is over and nobody reported: wait, then one probe, once the journal was read. */
class VanishedAttemptTest extends StoreFixture {
  private static final AttemptTimes TIMES = AttemptTimes.DEFAULT;

  @BeforeEach
  void nobodyHasReadTheJournalYet() {
    dropShardFields("journal_until");
  }

  @Test
  void theAttemptStaysAndALateCommitSettlesIt() {
    Attempt vanished = vanished(Duration.ofHours(1), Duration.ofMillis(1));
    Begin answer = begin(1, "b");
    assertThat(answer).isInstanceOf(Begin.Unknown.class);
    assertThat(dueAt()).isEqualTo(((Begin.Unknown) answer).until());
    assertThat(field("attempt")).isEqualTo("a");
    assertThat(field("attempt_state")).isEqualTo("unknown");
    assertThat(commit(vanished, "second").tokenGen()).isEqualTo(2);
    assertThat(field("attempt")).isNull();
  }

  @Test
  void theProbeComesNotBeforeAnotherLease() {
    Instant leaseEnd = leaseEnd(vanished(Duration.ofSeconds(1), Duration.ofMillis(1)));
    settled(leaseEnd.plus(TIMES.delivery()));
    assertThat(begin(1, "b")).isEqualTo(new Begin.Unknown(leaseEnd.plus(TIMES.lease())));
  }

  @Test
  void theProbeComesShortlyBeforeTheAccessTokenEnds() {
    vanished(Duration.ofMinutes(5), Duration.ofMillis(1));
    settled(Instant.now().plus(Duration.ofHours(1)));
    // five percent of five minutes
    assertThat(((Begin.Unknown) begin(1, "b")).until())
        .isCloseTo(Instant.now().plusSeconds(285), within(3, ChronoUnit.SECONDS));
  }

  @Test
  void withoutAnEndTheProbeComesAnHourAfterTheLease() {
    store.put(
        KEY, GRANT, "auth", new IssuedTokens(sealed("first"), Instant.now(), null, null, "", null));
    begun(begin(1, "a"));
    leaseOverSince(Duration.ofMinutes(59));
    settled(Instant.now().plus(Duration.ofHours(1)));
    Instant leaseEnd = Instant.ofEpochMilli(Long.parseLong(String.valueOf(field("lease_until"))));
    assertThat(begin(1, "b")).isEqualTo(new Begin.Unknown(leaseEnd.plus(Duration.ofHours(1))));
    leaseOverSince(Duration.ofMinutes(61));
    assertThat(begun(begin(1, "b")).probe()).isTrue();
  }

  @Test
  void noProbeBeforeTheJournalWasReadPastTheVanishedAttempt() {
    Instant leaseEnd = leaseEnd(vanished(Duration.ofMillis(1), TIMES.lease().plusSeconds(1)));
    Instant wanted = leaseEnd.plus(TIMES.delivery());
    assertThat(begin(1, "b")).isInstanceOf(Begin.Unknown.class);
    assertThat(attend().journalWanted()).isEqualTo(wanted);
    assertThat(dueAt()).isBefore(Instant.now().plusSeconds(2));
    settled(wanted.minusMillis(1));
    assertThat(begin(1, "c")).isInstanceOf(Begin.Unknown.class);
    settled(wanted);
    assertThat(begun(begin(1, "d")).probe()).isTrue();
  }

  @Test
  void theLatestTimeIsWantedOfTheJournal() {
    Instant leaseEnd = leaseEnd(vanished(Duration.ofMillis(1), TIMES.lease().plusSeconds(1)));
    Instant later = leaseEnd.plus(Duration.ofDays(1));
    shardField("journal_wanted", Long.toString(later.toEpochMilli()));
    begin(1, "b");
    assertThat(attend().journalWanted()).isEqualTo(later);
  }

  @Test
  void aProbeThatWasNotSentIsFollowedByAnotherWithoutAWait() {
    vanished(Duration.ofMillis(1), TIMES.lease().plusSeconds(1));
    settled(Instant.now().plus(Duration.ofHours(1)));
    Attempt probe = begun(begin(1, "b"));
    assertThat(failed(probe, Kind.NOT_SENT)).isEmpty();
    assertThat(field("attempt_state")).isEqualTo("unknown");
    Begin next = await(() -> begin(1, "c"), b -> b instanceof Begun);
    assertThat(begun(next).probe()).isTrue();
  }

  @Test
  void aRefusedProbeAsksForANewConsent() {
    vanished(Duration.ofMillis(1), TIMES.lease().plusSeconds(1));
    settled(Instant.now().plus(Duration.ofHours(1)));
    assertThat(failed(begun(begin(1, "b")), Kind.REFUSED)).isPresent();
    assertThat(dueField()).isNull();
    assertThat(field("attempt")).isNull();
  }

  @Test
  void aHarmlessReplayWaitsNeitherForTheJournalNorForTheEnd() {
    vanished(Duration.ofHours(1), Duration.ofMillis(1));
    assertThat(begun(store.begin(KEY, 1, "b", ReuseWindow.ALWAYS)).probe()).isTrue();
  }

  @Test
  void insideTheWindowTheLeaseEndsInTimeForASecondCall() {
    connected();
    ReuseWindow window = ReuseWindow.of(Duration.ofSeconds(90));
    Instant at = begun(store.begin(KEY, 1, "a", window)).at();
    Instant leaseEnd = Instant.ofEpochMilli(Long.parseLong(String.valueOf(field("lease_until"))));
    assertThat(leaseEnd.plus(TIMES.deadline())).isBefore(at.plus(window.length()));
    assertThat(dueAt()).isEqualTo(leaseEnd);
    leaseOverSince(Duration.ofMillis(1));
    assertThat(begun(store.begin(KEY, 1, "b", window)).probe()).isTrue();
  }

  @Test
  void behindTheWindowItIsAsWithoutOne() {
    connected();
    ReuseWindow window = ReuseWindow.of(Duration.ofSeconds(90));
    store.begin(KEY, 1, "a", window);
    leaseOverSince(Duration.ofMillis(1));
    field("sent_at", Instant.now().minus(window.length()).plus(TIMES.deadline()).toEpochMilli());
    assertThat(store.begin(KEY, 1, "b", window)).isInstanceOf(Begin.Unknown.class);
  }

  private Attempt vanished(Duration life, Duration since) {
    put("first", GRANT, life);
    Attempt attempt = begun(begin(1, "a"));
    Sealed base = attempt.sealed();
    assertThat(base).isEqualTo(sealed("first"));
    leaseOverSince(since);
    return attempt;
  }

  private Instant leaseEnd(Attempt attempt) {
    assertThat(field("attempt")).isEqualTo(attempt.id());
    return Instant.ofEpochMilli(Long.parseLong(String.valueOf(field("lease_until"))));
  }

  private void settled(Instant until) {
    shards.settled(SHARD, attend().run(), until);
  }
}
