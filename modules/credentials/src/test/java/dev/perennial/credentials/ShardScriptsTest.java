package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.credentials.RedisShards.MovedException;
import dev.perennial.credentials.RedisShards.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the owner of a shard writes down of the shard itself, and how it hears that it is late. */
class ShardScriptsTest extends StoreFixture {
  private static final String OTHER = "0123456789abcdef0123456789abcdef01234567";

  @Test
  void attendOfAnEmptyRedisBeginsAHealingFromTheStart() {
    redis.call(client -> client.del(shardHash()));
    View view = attend();
    assertThat(view.ready()).isFalse();
    assertThat(view.topicOffset()).isZero();
    assertThat(view.journalOffset()).isZero();
    assertThat(epoch()).isBetween(secondsSince2026() - 60, secondsSince2026());
  }

  @Test
  void attendOfAnotherRedisBeginsAHealingWhereTheOneBeforeStood() {
    long before = epoch();
    shardField("fence", OTHER);
    shardField("topic_offset", "7");
    shardField("quarantine", "1");
    View view = attend();
    assertThat(view.ready()).isFalse();
    assertThat(view.topicOffset()).isEqualTo(7);
    assertThat(view.quarantined()).isFalse();
    assertThat(shardField("fence")).isNull();
    assertThat(epoch()).isGreaterThan(before);
  }

  @Test
  void aHealingUnderWayIsOneEpochHoweverManyOwnersLook() {
    unfence();
    attend();
    long first = epoch();
    attend();
    assertThat(epoch()).isEqualTo(first);
  }

  @Test
  void attendOfAHealedShardChangesNothing() {
    long epoch = epoch();
    View first = attend();
    View second = attend();
    assertThat(first.ready()).isTrue();
    assertThat(second.topicOffset()).isEqualTo(first.topicOffset());
    assertThat(epoch()).isEqualTo(epoch);
  }

  @Test
  void aTopicThatWasMadeAnewIsReadFromItsStart() {
    shardField("topic_offset", "7");
    shardField("journal_offset", "8");
    View view = shards.attend(SHARD, "another topic", "journal", Duration.ZERO);
    assertThat(view.topicOffset()).isZero();
    assertThat(view.journalOffset()).isEqualTo(8);
    View again = shards.attend(SHARD, "another topic", "another journal", Duration.ZERO);
    assertThat(again.journalOffset()).isZero();
  }

  @Test
  void readyLetsWorkBeginAfterTheQuarantine() {
    unfence();
    View view = attend();
    shardField("journal_wanted", "1");
    shards.ready(SHARD, view.run(), view.topicOffset(), Duration.ofMinutes(3));
    View ready = attend();
    assertThat(ready.ready()).isTrue();
    Instant fence = Instant.ofEpochMilli(Long.parseLong(String.valueOf(shardField("fence_at"))));
    assertThat(ready.quarantineUntil()).isEqualTo(fence.plus(Duration.ofMinutes(3)));
    assertThat(ready.journalWanted()).isEqualTo(Instant.EPOCH);
    assertThat(ready.journalUntil()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void readySaidTwiceDoesNotProlongTheQuarantine() {
    unfence();
    View view = attend();
    shards.ready(SHARD, view.run(), view.topicOffset(), Duration.ofMinutes(3));
    String until = shardField("quarantine");
    shards.ready(SHARD, view.run(), view.topicOffset(), Duration.ofMinutes(9));
    assertThat(shardField("quarantine")).isEqualTo(until);
  }

  @Test
  void readyIsMovedWhereAnotherOwnerWentOnOrRedisIsAnother() {
    unfence();
    View view = attend();
    assertMoved(() -> shards.ready(SHARD, view.run(), view.topicOffset() + 1, Duration.ZERO));
    assertMoved(() -> shards.ready(SHARD, OTHER, view.topicOffset(), Duration.ZERO));
    assertThat(attend().ready()).isFalse();
  }

  @Test
  void settledIsMovedWhereTheFenceFell() {
    View view = attend();
    assertMoved(() -> shards.settled(SHARD, OTHER, Instant.now()));
    unfence();
    assertMoved(() -> shards.settled(SHARD, view.run(), Instant.now()));
    shardField("fence", OTHER); // of the Redis before this one
    assertMoved(() -> shards.settled(SHARD, OTHER, Instant.now()));
  }

  @Test
  void settledNeverGoesBack() {
    View view = attend();
    shards.settled(SHARD, view.run(), view.journalUntil().minusSeconds(1));
    assertThat(attend().journalUntil()).isEqualTo(view.journalUntil());
  }

  @Test
  void theJournalIsAppliedOnce() {
    View view = attend();
    shards.journalApplied(SHARD, view.run(), 0, 3);
    assertThat(attend().journalOffset()).isEqualTo(3);
    assertMoved(() -> shards.journalApplied(SHARD, view.run(), 0, 2));
    assertMoved(() -> shards.journalApplied(SHARD, OTHER, 3, 4));
    assertThat(attend().journalOffset()).isEqualTo(3);
  }

  @Test
  void healIsMovedWhereAnotherOwnerWentOnOrRedisIsAnother() {
    View view = attend();
    shards.heal(SHARD, view.run(), 0, 3, List.of());
    assertMoved(() -> shards.heal(SHARD, view.run(), 0, 2, List.of()));
    assertMoved(() -> shards.heal(SHARD, OTHER, 3, 4, List.of()));
    assertThat(attend().topicOffset()).isEqualTo(3);
  }

  @Test
  void rewindLetsReadingStartOver() {
    View view = attend();
    shards.heal(SHARD, view.run(), 0, 3, List.of());
    shards.journalApplied(SHARD, view.run(), 0, 5);
    shards.rewind(SHARD, 0, 1);
    assertThat(attend().topicOffset()).isZero();
    assertThat(attend().journalOffset()).isEqualTo(1);
  }

  @Test
  void anOwnerIsAskedOnceATimeThatSomebodyWaitsForHasCome() {
    Instant now = Instant.now();
    assertThat(view(now, Instant.EPOCH, Instant.EPOCH, 0).asks()).isFalse();
    assertThat(view(now, now.plusMillis(1), Instant.EPOCH, 0).asks()).isFalse();
    assertThat(view(now, now, Instant.EPOCH, 0).asks()).isTrue();
    assertThat(view(now, Instant.EPOCH, now.plusMillis(1), 0).asks()).isFalse();
    assertThat(view(now, Instant.EPOCH, now, 0).asks()).isTrue();
    assertThat(view(now, Instant.EPOCH, Instant.EPOCH, 1).asks()).isTrue();
  }

  @Test
  void codesWhoseLeaseHasBeenOverForTheDeliveryTimeAreCounted() {
    codes.begin(code("auth"), "a");
    assertThat(attend().codes()).isZero();
    redis.call(client -> client.zadd(shardHash().replace("shard", "codes"), 1, KEY + " auth"));
    assertThat(attend().codes()).isEqualTo(1);
    assertThat(shards.attend(SHARD, "topic", "journal", Duration.ofDays(40_000)).codes()).isZero();
  }

  private long epoch() {
    return Long.parseLong(String.valueOf(shardField("epoch")));
  }

  private static long secondsSince2026() {
    return Instant.now().getEpochSecond() - Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();
  }

  private static View view(Instant now, Instant quarantine, Instant wanted, long codes) {
    return new View("run", now, true, 0, 0, quarantine, wanted, now.minusSeconds(1), codes, 0);
  }

  private static void assertMoved(Runnable step) {
    assertThatThrownBy(step::run).isInstanceOf(MovedException.class);
  }
}
