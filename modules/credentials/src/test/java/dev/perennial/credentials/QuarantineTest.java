package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Put;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** After a healing an attempt that the lost Redis knew of may still be under way: no begin. */
class QuarantineTest extends StoreFixture {
  private static final Duration LONG = Duration.ofMinutes(3);

  @Test
  void beginInQuarantineIsNotYetAndDueAtItsEnd() {
    connected();
    Instant until = quarantine(LONG);
    assertThat(begin(1, "a")).isEqualTo(new Begin.NotYet(until));
    assertThat(dueAt()).isEqualTo(until);
    assertThat(field("attempt")).isNull();
  }

  @Test
  void beginAfterTheQuarantinesTimeIsNotYetUntilTheOwnerLiftsIt() {
    connected();
    Instant over = quarantine(Duration.ofMillis(1));
    Begin.NotYet answer = (Begin.NotYet) begin(1, "a");
    assertThat(answer.until())
        .isCloseTo(Instant.now().plusSeconds(1), within(900, ChronoUnit.MILLIS));
    shards.settled(SHARD, attend().run(), over);
    assertThat(begin(1, "a")).isInstanceOf(Begin.Begun.class);
  }

  @Test
  void aTimeBeforeItsEndDoesNotLiftTheQuarantine() {
    connected();
    Instant until = quarantine(LONG);
    shards.settled(SHARD, attend().run(), until.minusMillis(1));
    assertThat(begin(1, "a")).isInstanceOf(Begin.NotYet.class);
    assertThat(attend().quarantined()).isTrue();
    shards.settled(SHARD, attend().run(), until);
    assertThat(attend().quarantined()).isFalse();
  }

  @Test
  void nothingIsClaimedInQuarantine() {
    put("first", GRANT, Duration.ofMillis(1));
    Instant until = quarantine(LONG);
    assertThat(claim()).isEmpty();
    shards.settled(SHARD, attend().run(), until);
    assertThat(claim()).hasSize(1);
  }

  @Test
  void aConsentIsStoredInQuarantine() {
    quarantine(LONG);
    assertThat(store.put(KEY, GRANT, "auth", tokens("first"))).isInstanceOf(Put.Stored.class);
  }

  @Test
  void aCommitCountsInQuarantine() {
    connected();
    Begin.Attempt attempt = begun(begin(1, "a"));
    quarantine(LONG);
    assertThat(commit(attempt, "second").tokenGen()).isEqualTo(2);
  }

  /** Heals a shard that something was under way in. */
  private Instant quarantine(Duration length) {
    unfence();
    RedisShards.View view = attend();
    shards.ready(SHARD, view.run(), view.topicOffset(), length, Duration.ZERO);
    return attend().quarantineUntil();
  }
}
