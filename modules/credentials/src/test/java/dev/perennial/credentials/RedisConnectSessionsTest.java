package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.ConnectSessions.ConnectSession;
import dev.perennial.domain.authorization.PendingAuthorizations.Grant;
import dev.perennial.domain.authorization.SessionId;
import dev.perennial.domain.authorization.SessionStatus;
import dev.perennial.domain.authorization.SessionStatus.State;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.domain.refresh.AttemptTimes;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a connect session goes, as far as it is written down. */
@ExtendWith(RedisExtension.class)
class RedisConnectSessionsTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("google/acme");
  private static final Secret SESSION = Secret.of("the-secret-of-this-session");
  private static final SessionId ID = SessionId.of(SESSION);
  private static final Duration VALID = Duration.ofMinutes(15);
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final Instant ends = now.plus(VALID);
  private final Instant answerBy = now.plus(Duration.ofMinutes(10));

  private RedisConnections redis;
  private RedisConnectSessions sessions;
  private RedisCodeRecords codes;

  @BeforeEach
  void add(RedisConnections redis) {
    this.redis = redis;
    sessions = new RedisConnectSessions(redis, SHARDS, new SealedPayloads(new Unsealed()));
    codes = new RedisCodeRecords(redis, SHARDS, AttemptTimes.DEFAULT);
    sessions.add(SESSION, new ConnectSession(KEY, null, Map.of(), List.of("more")), now, VALID);
  }

  @Test
  void it_is_open_until_a_consent_begins() {
    assertThat(status()).isEqualTo(new SessionStatus(KEY, State.OPEN, null, null, true, ends));
    sessions.begun(SESSION, "one", answerBy);
    assertThat(status()).isEqualTo(new SessionStatus(KEY, State.STARTED, "one", null, true, ends));
  }

  @Test
  void a_declined_consent_is_told_and_the_next_try_is_a_start_again() {
    sessions.begun(SESSION, "one", answerBy);
    decline("one");
    assertThat(status())
        .isEqualTo(
            new SessionStatus(KEY, State.FAILED, "one", Reason.of(Reason.DECLINED), true, ends));
    sessions.begun(SESSION, "two", answerBy);
    assertThat(status().state()).isEqualTo(State.STARTED);
  }

  @Test
  void the_consent_that_used_it_up_decides() {
    sessions.begun(SESSION, "one", answerBy);
    sessions.begun(SESSION, "two", answerBy);
    assertThat(sessions.redeem(SESSION, "one")).isTrue();
    decline("two");
    sessions.begun(SESSION, "three", answerBy);
    assertThat(sessions.redeem(SESSION, "three")).isFalse();
    assertThat(status()).isEqualTo(new SessionStatus(KEY, State.STARTED, "one", null, false, ends));
    Grant grant =
        new RedisPendingAuthorizations(redis, SHARDS, new SealedPayloads(new Unsealed()))
            .nextGrant(KEY);
    Sealed code = Sealed.of(new byte[] {1});
    codes.begin(new CodeReceived(KEY, "one", grant.number(), grant.healing(), now, code), "a");
    new RedisCredentialStore(redis, SHARDS, AttemptTimes.DEFAULT)
        .put(
            KEY,
            grant.number(),
            "one",
            new IssuedTokens(Sealed.of(new byte[] {1}), Instant.EPOCH, null, null, "Bearer", null));
    assertThat(status())
        .isEqualTo(new SessionStatus(KEY, State.CONNECTED, "one", null, false, ends));
  }

  @Test
  void it_stays_known_for_an_hour_after_its_end_at_least() {
    Keys keys = new Keys(redis.settings().prefix(), SHARDS);
    String record = keys.sessionStatus(ID);
    assertThat(left(record)).isBetween(VALID.plusMinutes(59), VALID.plusMinutes(60));
    sessions.begun(SESSION, "one", answerBy);
    assertThat(left(record)).isGreaterThan(Duration.ofMinutes(70));
    sessions.redeem(SESSION, "one");
    assertThat(left(record)).isGreaterThan(Duration.ofHours(23));
    assertThat(sessions.status(ID, ends).map(SessionStatus::state)).contains(State.STARTED);
  }

  @Test
  void one_that_nobody_made_is_unknown_and_leaves_no_trace() {
    Secret other = Secret.of("another");
    sessions.begun(other, "one", answerBy);
    sessions.failed(other, "one");
    assertThat(sessions.status(SessionId.of(other), now)).isEmpty();
  }

  @Test
  void neither_the_secret_nor_the_scopes_are_readable_in_redis() {
    sessions.begun(SESSION, "one", answerBy);
    Set<String> all = redis.call(client -> client.keys(redis.settings().prefix() + "*"));
    assertThat(all).isNotEmpty().noneMatch(key -> key.contains(SESSION.reveal()));
    assertThat(sessions.find(SESSION).map(ConnectSession::scopes)).contains(List.of("more"));
  }

  private Duration left(String record) {
    return Duration.ofMillis(redis.call(client -> client.pttl(record)));
  }

  private void decline(String authorization) {
    codes.fail(KEY, authorization, Reason.of(Reason.DECLINED));
    sessions.failed(SESSION, authorization);
  }

  private SessionStatus status() {
    return sessions.status(ID, now).orElseThrow();
  }
}
