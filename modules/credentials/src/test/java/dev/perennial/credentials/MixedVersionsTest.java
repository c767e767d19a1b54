package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A rolling upgrade: an old process runs its own scripts on what a new one wrote, and the other way
 * around. Each step of an attempt may be the other version's. {@code ops/upgrade/rolling-upgrade}
 * does the same with whole processes.
 */
class MixedVersionsTest extends GoldenFixture {
  /** {@code snapshot()} of the first release. */
  private static final int SNAPSHOT = 17;

  private OldScripts old;

  @BeforeEach
  void anOldProcess() {
    old = new OldScripts(redis, "1", connectionHash(), shardHash());
  }

  @ParameterizedTest
  @EnumSource
  void what_a_new_process_left_an_old_one_reads_and_begins_as_a_new_one_would(Left left) {
    left.leave(this);
    Map<String, byte[]> as = dump();
    Reply reply = old.find();
    if (!reply.verdict().equals("missing")) {
      assertThat(reply.nested(1).values()).hasSize(SNAPSHOT);
      assertThat(reply.state(1, KEY)).isEqualTo(current());
    }
    long version = reply.verdict().equals("missing") ? 1 : current().version();
    String byNew = verdict(begin(version, "z"));
    restore(as);
    assertThat(old.begin(version, "z").verdict()).isEqualTo(byNew);
  }

  private static String verdict(Begin begin) {
    String name = begin.getClass().getSimpleName();
    return name.equals("NotYet") ? "not_yet" : name.toLowerCase(java.util.Locale.ROOT);
  }

  @Test
  void an_old_process_began_and_a_new_one_commits() {
    said();
    assertThat(old.begin(1, "a").verdict()).isEqualTo("begun");
    assertThat(begin(1, "b")).isInstanceOf(Begin.Busy.class);
    assertThat(commit(attemptA(0), "second").tokenGen()).isEqualTo(2);
    assertThat(old.commit("a", 0, true, GRANT, 1, "second").verdict()).isEqualTo("already");
  }

  @Test
  void a_new_process_began_and_an_old_one_commits() {
    said();
    begin(1, "a");
    assertThat(old.begin(1, "b").verdict()).isEqualTo("busy");
    assertThat(old.commit("a", 0, true, GRANT, 1, "second").verdict()).isEqualTo("committed");
    assertThat(current().sealed()).isEqualTo(sealed("second"));
    assertThat(current().tokenGen()).isEqualTo(2);
    assertThat(outbox()).containsExactly(current());
  }

  @Test
  void an_old_process_scheduled_and_a_new_one_reschedules() {
    assertThat(old.put(GRANT, "auth", "first").verdict()).isEqualTo("stored");
    store.postpone(KEY, 1, Duration.ZERO);
    assertThat(claim()).hasSize(1);
    assertThat(scheduled()).isEqualTo(1);
  }

  @Test
  void a_new_process_scheduled_and_an_old_one_reschedules() {
    put("first", GRANT, Duration.ofMillis(1));
    assertThat(old.begin(1, "a").verdict()).isEqualTo("begun");
    assertThat(claim()).as("left behind where the old one did not look").isEmpty();
    assertThat(scheduled()).isEqualTo(1);
  }

  @Test
  void an_old_process_claims_what_a_new_one_scheduled() {
    put("first", GRANT, Duration.ofMillis(1));
    assertThat(old.claim().rows()).hasSize(1);
    assertThat(claim()).isEmpty();
    assertThat(old.claim().rows()).isEmpty();
    assertThat(scheduled()).isEqualTo(1);
  }

  private long scheduled() {
    return redis
        .<Set<String>>call(client -> client.keys(shardHash().replace(":shard", ":due:*")))
        .stream()
        .mapToLong(key -> redis.<Long>call(client -> client.zcard(key)))
        .sum();
  }

  @Test
  void an_old_loser_harms_no_new_winner() {
    said();
    assertThat(old.begin(1, "a").verdict()).isEqualTo("begun");
    put("again", GRANT + 1, Duration.ofHours(1));
    assertThat(old.refused("a", GRANT, 1).verdict()).isEqualTo("ignored");
    assertThat(old.commit("a", 0, true, GRANT, 1, "late").verdict()).isEqualTo("superseded");
    assertThat(current().status()).isEqualTo(Status.ACTIVE);
  }

  @Test
  void a_new_loser_harms_no_old_winner() {
    said();
    Attempt attempt = begun(begin(1, "a"));
    assertThat(old.put(GRANT + 1, "auth-2", "again").verdict()).isEqualTo("stored");
    assertThat(failed(attempt, Kind.REFUSED)).isEmpty();
    assertThat(current().grant()).isEqualTo(GRANT + 1);
    assertThat(current().status()).isEqualTo(Status.ACTIVE);
  }

  @Test
  void an_old_process_goes_on_after_the_first_answer_of_a_new_one() {
    said();
    store.commit(KEY, begun(begin(1, "a")), false, tokens("half"));
    leaseOverSince(Duration.ofSeconds(1));
    Reply begun = old.begin(1, "b");
    assertThat(begun.verdict()).isEqualTo("begun");
    assertThat(begun.number(2)).isEqualTo(1);
    assertThat(begun.text(5)).isEqualTo("half");
    assertThat(old.commit("a", 1, true, GRANT, 1, "whole").verdict()).isEqualTo("committed");
    assertThat(current().sealed()).isEqualTo(sealed("whole"));
  }

  @Test
  void a_new_process_goes_on_after_the_first_answer_of_an_old_one() {
    said();
    old.begin(1, "a");
    assertThat(old.commit("a", 0, false, GRANT, 1, "half").verdict()).isEqualTo("committed");
    leaseOverSince(Duration.ofSeconds(1));
    Attempt attempt = begun(begin(1, "b"));
    assertThat(attempt.stage()).isEqualTo(1);
    assertThat(commit(attempt, "whole").sealed()).isEqualTo(sealed("whole"));
  }

  @Test
  void what_an_old_process_published_is_known_to_a_new_one() {
    CredentialState state = connected();
    assertThat(old.published(GRANT, state.version()).verdict()).isEqualTo("ok");
    assertThat(outbox()).isEmpty();
  }

  @Test
  void what_a_new_process_scheduled_an_old_one_claims_once() {
    put("first", GRANT, Duration.ofMillis(1));
    assertThat(old.claim().values()).hasSize(1);
    assertThat(claim()).isEmpty();
  }

  @Test
  void one_healing_is_enough_whoever_does_it() {
    unfence();
    Reply view = old.attend();
    assertThat(view.number(2)).isZero();
    assertThat(old.ready(view.text(0), view.number(3)).verdict()).isEqualTo("ready");
    assertThat(attend().ready()).isTrue();
    assertThat(store.put(KEY, GRANT, "auth", tokens("first"))).isNotNull();
    unfence();
    RedisShards.View mine = attend();
    shards.ready(SHARD, mine.run(), mine.topicOffset(), NO_WAIT, NO_WAIT);
    assertThat(old.attend().number(2)).isOne();
  }

  private Map<String, byte[]> dump() {
    Map<String, byte[]> all = new HashMap<>();
    for (String key : keys()) {
      all.put(key, redis.call(client -> client.dump(key)));
    }
    return all;
  }

  private void restore(Map<String, byte[]> all) {
    keys().forEach(key -> redis.call(client -> client.del(key)));
    all.forEach((key, bytes) -> redis.call(client -> client.restore(key, 0, bytes)));
  }

  private Set<String> keys() {
    return redis.call(client -> client.keys(redis.settings().prefix() + ":*"));
  }
}
