package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who holds which keys, as it is said and forgotten. */
@ExtendWith(RedisExtension.class)
class KeyHoldersTest {
  private RedisConnections redis;
  private RedisKeyHolders holders;

  @BeforeEach
  void connect(RedisConnections given) {
    redis = given;
    holders = new RedisKeyHolders(redis, RedisExtension.SHARDS);
    redis.call(client -> client.del(hash()));
  }

  private String hash() {
    return redis.settings().prefix() + ":key-holders";
  }

  private static KeyHolder holder(String process, long primary, Long... ids) {
    return new KeyHolder(
        process, "exchanger,scheduler", List.of(ids), primary, true, Instant.EPOCH);
  }

  @Test
  void whatIsSaidIsKnown() {
    holders.announce(holder("b", 2, 1L, 2L));
    holders.announce(holder("a", 4_000_000_000L, 4_000_000_000L));
    assertThat(holders.known().holders())
        .extracting(KeyHolder::process, KeyHolder::roles, KeyHolder::keyIds, KeyHolder::primary)
        .containsExactly(
            tuple("a", "exchanger,scheduler", List.of(4_000_000_000L), 4_000_000_000L),
            tuple("b", "exchanger,scheduler", List.of(1L, 2L), 2L));
  }

  @Test
  void sinceStaysAsLongAsTheSameIsSaid() {
    holders.announce(holder("a", 1, 1L));
    said("a", 5_000);
    Instant since = only().since();
    holders.announce(holder("a", 1, 1L));
    assertThat(only().since()).isEqualTo(since);
    holders.announce(holder("a", 1, 1L, 2L));
    assertThat(only().since()).isAfter(since);
  }

  private KeyHolder only() {
    assertThat(holders.known().holders()).hasSize(1);
    return holders.known().holders().getFirst();
  }

  /** As if it had last been said so long ago. */
  private void said(String process, long millisAgo) {
    String value = redis.call(client -> client.hget(hash(), process));
    String[] parts = value.split(" ", 3);
    long then = Long.parseLong(parts[0]) - millisAgo;
    redis.call(client -> client.hset(hash(), process, then + " " + then + " " + parts[2]));
  }

  @Test
  void whoWasNotHeardOfForAWhileIsGone() {
    holders.announce(holder("a", 1, 1L));
    said("a", RedisKeyHolders.KEEP.toMillis() + 1_000);
    assertThat(holders.known().holders()).isEmpty();
    holders.announce(holder("b", 1, 1L));
    assertThat(keysOf(hash())).containsExactly("b");
  }

  @Test
  void whoLeavesIsGoneAtOnce() {
    holders.announce(holder("a", 1, 1L));
    holders.leave("a");
    assertThat(holders.known().holders()).isEmpty();
  }

  @Test
  void theWholeIsForgottenWithoutAnybody() {
    holders.announce(holder("a", 1, 1L));
    assertThat(endsIn(hash())).isBetween(1L, 2 * RedisKeyHolders.KEEP.toMillis());
  }

  private long endsIn(String name) {
    return redis.call(client -> client.pttl(name));
  }

  private Set<String> keysOf(String hash) {
    return redis.call(client -> client.hkeys(hash));
  }
}
