package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The owner of a shard says once for each lead time that a grant comes to its end. */
class WarningRoundTest extends OwnerFixture {
  private static final Duration DAY = Duration.ofDays(1);

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private CredentialState before;

  @BeforeEach
  void connectWithAnEnd() {
    leads = List.of(Duration.ofDays(14), DAY, Duration.ofDays(3));
    owner = owner();
    work();
    long grant = now.minus(Duration.ofDays(90)).toEpochMilli() * 1000;
    GrantEnd end = new GrantEnd(now.plus(DAY.multipliedBy(10)), false);
    IssuedTokens tokens =
        new IssuedTokens(
            sealed("first"), now, now.plusSeconds(3600), now.plusSeconds(9), null, null, end);
    before = said(((Put.Stored) store.put(KEY, grant, "auth", tokens)).state());
  }

  @Test
  void whereTwoOwnersTurnTheWarningIsOnTheTopicOnce() {
    ShardOwner other = owner();
    afterTheDelivery();
    for (int i = 0; i < 5; i++) {
      owner.turn();
      other.turn();
    }
    assertThat(warnings()).singleElement().isEqualTo(current());
    assertThat(topics.states(SHARD)).containsExactly(before, current());
    assertThat(outbox()).isEmpty();
  }

  @Test
  void nothingIsSaidBeforeTheDeliveryTimeoutAfterTheHealing() {
    work();
    assertThat(warnings()).isEmpty();
    afterTheDelivery();
    turns();
    assertThat(warnings()).hasSize(1);
  }

  @Test
  void whatKafkaDidNotTakeIsSaidFromTheOutbox() {
    afterTheDelivery();
    turns();
    endsIn(DAY.multipliedBy(2));
    topics.unreached = 1;
    turns();
    assertThat(warnings()).hasSize(1);
    ageOutbox();
    work();
    assertThat(warnings())
        .extracting(CredentialState::warned)
        .containsExactly(Duration.ofDays(14), Duration.ofDays(3));
  }

  @Test
  void aWarningOnTheTopicIsNotSaidAgainByTheNextRedis() {
    afterTheDelivery();
    turns();
    CredentialState warned = current();
    emptyRedis();
    work();
    afterTheDelivery();
    turns();
    assertThat(current()).isEqualTo(warned);
    assertThat(warnings()).containsExactly(warned);
    endsIn(DAY.multipliedBy(2));
    work();
    assertThat(warnings()).hasSize(2);
  }

  @Test
  void aWarningThatArrivesAfterItsRedisWasLostIsNotSaidAgain() {
    afterTheDelivery();
    topics.unreached = 1;
    turns();
    CredentialState underWay = current();
    assertThat(underWay.change()).isEqualTo(Change.EXPIRING);
    emptyRedis();
    work();
    assertThat(current()).isEqualTo(before);
    onTopic(underWay);
    afterTheDelivery();
    turns();
    assertThat(current()).isEqualTo(underWay);
    assertThat(warnings()).containsExactly(underWay);
  }

  @Test
  void aWarningThatWasLostWithItsRedisIsSaidByTheNext() {
    afterTheDelivery();
    topics.unreached = 1;
    turns();
    assertThat(current().change()).isEqualTo(Change.EXPIRING);
    emptyRedis();
    work();
    afterTheDelivery();
    turns();
    assertThat(warnings()).singleElement().isEqualTo(current());
  }

  @Test
  void aRefreshThatIsDueIsNotPutOffByAWarning() {
    field("due_at", before.changedAt().toEpochMilli());
    Attempt attempt = begun(liftedBegin(before));
    String due = dueField();
    afterTheDelivery();
    turns();
    assertThat(warnings()).hasSize(1);
    assertThat(dueField()).isEqualTo(due);
    CredentialState after = said(commit(attempt, "second"));
    work();
    assertThat(topics.states(SHARD)).endsWith(after);
  }

  @Test
  void withoutLeadTimesNobodyIsWarned() {
    leads = List.of();
    owner = owner();
    afterTheDelivery();
    turns();
    assertThat(warnings()).isEmpty();
  }

  @Test
  void otherLeadTimesAreSeenAtTheNextStart() {
    leads = List.of(DAY);
    owner = owner();
    afterTheDelivery();
    turns();
    assertThat(warnings()).isEmpty();
    leads = List.of(DAY, Duration.ofDays(11));
    owner = owner();
    work();
    assertThat(warnings()).hasSize(1);
  }

  private List<CredentialState> warnings() {
    return topics.states(SHARD).stream()
        .filter(state -> state.change() == Change.EXPIRING)
        .toList();
  }

  /** As if the healing had been a while ago. */
  private void afterTheDelivery() {
    long fence = Instant.now().minus(TIMES.delivery()).toEpochMilli() - 1;
    shardField("fence_at", Long.toString(fence));
    dropShardFields("journal_wanted");
  }

  /** One to want the topic applied, two to apply it and to warn, one to rest. */
  private void turns() {
    for (int i = 0; i < 4; i++) {
      turn();
    }
  }

  private void endsIn(Duration left) {
    field("grant_ends_at", now.plus(left).toEpochMilli());
    redis.call(
        client -> client.zadd(shardHash().replaceFirst("shard$", "ends"), 0, KEY.toString()));
  }
}
