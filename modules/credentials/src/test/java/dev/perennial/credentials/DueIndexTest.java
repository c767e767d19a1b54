package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialStore.Page;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.domain.refresh.DueIndex.Backlog;
import dev.perennial.domain.refresh.DueIndex.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is due is claimed once, and all connections can be listed. */
class DueIndexTest extends StoreFixture {
  @Test
  void aClaimTakesWhatIsDueOnce() {
    put("first", GRANT, Duration.ofMillis(1));
    assertThat(claim()).extracting(Due::key).containsExactly(KEY);
    assertThat(claim()).isEmpty();
  }

  @Test
  void whatWasClaimedIsSaidAgainAfterTheReemit() {
    put("first", GRANT, Duration.ofMillis(1));
    assertThat(index.claim(SHARDS.of(KEY), 200, Duration.ofMillis(1))).hasSize(1);
    assertThat(await(this::claim, due -> !due.isEmpty())).extracting(Due::key).containsExactly(KEY);
  }

  @Test
  void aRefreshThatBeginsStaysWhereItsClaimHasPutIt() {
    put("first", GRANT, Duration.ofMillis(1));
    Duration reemit = AttemptTimes.DEFAULT.reemit();
    assertThat(index.claim(SHARD, 200, reemit)).hasSize(1);
    Instant again = dueAt();
    Instant leaseEnd = begun(begin(1, "a")).at().plus(AttemptTimes.DEFAULT.lease());
    assertThat(dueAt()).isEqualTo(again).isAfter(leaseEnd);
    assertThat(entries(buckets())).isEqualTo(1);
  }

  @Test
  void aClaimThatWouldComeBackWithinTheLeaseIsMovedBehindIt() {
    put("first", GRANT, Duration.ofMillis(1));
    assertThat(index.claim(SHARD, 200, AttemptTimes.DEFAULT.lease().minusSeconds(1))).hasSize(1);
    Instant begunAt = begun(begin(1, "a")).at();
    assertThat(dueAt()).isEqualTo(begunAt.plus(AttemptTimes.DEFAULT.reemit()));
    assertThat(entries(buckets())).isEqualTo(1);
  }

  @Test
  void nothingIsClaimedBeforeItIsDue() {
    connected();
    assertThat(claim()).isEmpty();
  }

  @Test
  void theBacklogIsWhatIsDueAndNotClaimed() {
    assertThat(index.backlog(SHARD)).isEqualTo(Backlog.NONE);
    put("first", GRANT, Duration.ofMillis(1));
    assertThat(index.backlog(SHARD)).isEqualTo(new Backlog(1, dueAt()));
    claim();
    assertThat(index.backlog(SHARD)).isEqualTo(Backlog.NONE);
  }

  @Test
  void theBacklogReachesOverBuckets() {
    for (int i = 0; i < 100; i++) {
      ConnectionKey key = new ConnectionKey("many", "c" + i);
      Instant due = Instant.ofEpochSecond(1_000 + i);
      store.put(
          key,
          GRANT,
          "auth" + i,
          new IssuedTokens(sealed("t"), Instant.EPOCH, null, due, "Bearer", null));
    }
    long all = 0;
    for (int shard = 0; shard < SHARDS.count(); shard++) {
      all += index.backlog(shard).count();
    }
    assertThat(all).isEqualTo(100);
    assertThat(index.backlog(SHARDS.of(new ConnectionKey("many", "c0"))).oldest())
        .isEqualTo(Instant.ofEpochSecond(1_000));
  }

  @Test
  void aPostponedRefreshIsNotAnAttempt() {
    put("first", GRANT, Duration.ofMillis(1));
    store.postpone(KEY, 1, Duration.ofHours(1));
    assertThat(claim()).isEmpty();
    assertThat(begun(begin(1, "a")).failures()).isZero();
  }

  @Test
  void thousandsFallDueEachExactlyOnceEarliestFirst() {
    for (int i = 0; i < 1000; i++) {
      ConnectionKey key = new ConnectionKey("many", "c" + i);
      IssuedTokens tokens =
          new IssuedTokens(
              sealed("t"),
              Instant.ofEpochMilli(0),
              null,
              Instant.ofEpochMilli(i * 100L),
              "Bearer",
              null);
      store.put(key, GRANT, "auth" + i, tokens);
    }
    List<Due> all = new ArrayList<>();
    for (int shard = 0; shard < SHARDS.count(); shard++) {
      List<Due> claimed;
      do {
        claimed = index.claim(shard, 200, Duration.ofHours(1));
        assertThat(claimed).isSortedAccordingTo(Comparator.comparing(Due::dueAt));
        all.addAll(claimed);
      } while (!claimed.isEmpty());
    }
    assertThat(all).extracting(Due::key).doesNotHaveDuplicates().hasSize(1000);
  }

  @Test
  void manyAreKeptInSmallSetsAndEachIsFoundAgain() {
    List<ConnectionKey> many = ofOneShard(3_000);
    Instant hence = Instant.now().plus(Duration.ofHours(1));
    for (int i = 0; i < many.size(); i++) {
      putDue(many.get(i), hence.plusMillis(i * 50L)); // 150 s of them
    }
    Set<String> buckets = buckets();
    assertThat(buckets).hasSizeBetween(25, 150);
    assertThat(buckets)
        .allSatisfy(key ->
            assertThat(redis.<String>call(client -> client.objectEncoding(key)))
                .isEqualTo("listpack"));
    assertThat(entries(buckets)).isEqualTo(many.size());

    many.forEach(key -> store.postpone(key, 1, Duration.ofHours(9)));
    assertThat(entries(buckets())).isEqualTo(many.size());
    many.forEach(key -> store.delete(key, GRANT + 1));
    assertThat(buckets()).isEmpty();
  }

  @Test
  void fewShareOneSet() {
    Instant hence = Instant.ofEpochSecond(160L * 12_000_000);
    List<ConnectionKey> few = ofOneShard(100);
    for (int i = 0; i < few.size(); i++) {
      putDue(few.get(i), hence.plusMillis(i * 1_500L));
    }
    assertThat(buckets()).hasSize(1);
  }

  /** As a probe may be planned: a twentieth of a token's life before its end. */
  @Test
  void aTimeBetweenTwoMillisecondsIsFoundAgain() {
    Instant end = Instant.ofEpochMilli((Instant.now().toEpochMilli() / 160_000 + 3) * 160_000);
    IssuedTokens tokens =
        new IssuedTokens(sealed("t"), end.minusMillis(6), end, Instant.now(), "Bearer", null);
    store.put(KEY, GRANT, "auth", tokens);
    begin(1, "a");
    leaseOverSince(Duration.ofSeconds(1));
    begin(1, "b");
    assertThat(dueAt()).as("0.3 before the end").isEqualTo(end.minusMillis(1));

    store.postpone(KEY, 1, Duration.ofHours(9));
    assertThat(entries(buckets())).isEqualTo(1);
  }

  private static List<ConnectionKey> ofOneShard(int count) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> new ConnectionKey("many", "c" + i))
        .filter(key -> SHARDS.of(key) == SHARD)
        .limit(count)
        .toList();
  }

  private void putDue(ConnectionKey key, Instant due) {
    store.put(
        key,
        GRANT,
        "auth-" + key.connection(),
        new IssuedTokens(sealed("t"), Instant.EPOCH, null, due, "Bearer", null));
  }

  private Set<String> buckets() {
    return redis.call(client -> client.keys(shardHash().replace(":shard", ":due:*")));
  }

  private long entries(Set<String> buckets) {
    return buckets.stream().mapToLong(key -> redis.<Long>call(client -> client.zcard(key))).sum();
  }

  @Test
  void aScanListsEveryConnection() {
    for (int i = 0; i < 50; i++) {
      store.put(new ConnectionKey("many", "c" + i), GRANT, "a" + i, tokens("t"));
    }
    List<ConnectionKey> seen = new ArrayList<>();
    String cursor = null;
    do {
      Page page = store.list(cursor);
      page.states().forEach(state -> seen.add(state.key()));
      cursor = page.next();
    } while (cursor != null);
    assertThat(seen).hasSizeGreaterThanOrEqualTo(50).contains(new ConnectionKey("many", "c49"));
  }
}
