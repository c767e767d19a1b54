package dev.perennial.domain.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.authorization.SessionStatus.State;
import dev.perennial.domain.authorization.SessionStatus.Track;
import dev.perennial.domain.credential.Reason;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SessionStatusTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("google/acme");
  private static final Instant ENDS = Instant.parse("2026-03-01T12:15:00Z");
  private static final Instant BEFORE = ENDS.minusSeconds(1);
  private static final Instant ANSWER_BY = ENDS.plusSeconds(60);
  private static final Progress PENDING = new Progress.Pending();
  private static final Progress DECLINED = new Progress.Failed(Reason.of(Reason.DECLINED));

  private static final Track UNTOUCHED = new Track(KEY, ENDS, null, null, false);
  private static final Track BEGUN = new Track(KEY, ENDS, "one", ANSWER_BY, false);
  private static final Track USED = new Track(KEY, ENDS, "one", ANSWER_BY, true);

  @Test
  void nobody_has_opened_it() {
    assertIs(SessionStatus.of(UNTOUCHED, PENDING, BEFORE), State.OPEN, true);
    assertIs(SessionStatus.of(UNTOUCHED, PENDING, ENDS), State.EXPIRED, false);
  }

  @Test
  void a_consent_that_has_begun_may_come_back_after_the_end_of_the_link() {
    assertIs(SessionStatus.of(BEGUN, PENDING, BEFORE), State.STARTED, true);
    assertIs(SessionStatus.of(BEGUN, PENDING, ENDS), State.STARTED, false);
    assertIs(SessionStatus.of(BEGUN, PENDING, ANSWER_BY), State.EXPIRED, false);
  }

  @Test
  void a_consent_that_was_given_is_awaited_however_long_its_exchange_takes() {
    assertIs(SessionStatus.of(USED, PENDING, BEFORE), State.STARTED, false);
    assertIs(SessionStatus.of(USED, PENDING, ANSWER_BY.plusSeconds(3600)), State.STARTED, false);
  }

  @Test
  void a_declined_consent_leaves_the_link_usable_while_it_is_valid() {
    assertIs(SessionStatus.of(BEGUN, DECLINED, BEFORE), State.FAILED, true);
    assertIs(SessionStatus.of(BEGUN, DECLINED, ENDS), State.FAILED, false);
    assertThat(SessionStatus.of(BEGUN, DECLINED, BEFORE).reason())
        .isEqualTo(Reason.of(Reason.DECLINED));
  }

  @Test
  void a_failed_exchange_has_used_the_link_up() {
    assertIs(SessionStatus.of(USED, DECLINED, BEFORE), State.FAILED, false);
  }

  @Test
  void a_connected_one_stays_connected() {
    assertIs(SessionStatus.of(USED, new Progress.Connected(), BEFORE), State.CONNECTED, false);
    assertIs(SessionStatus.of(USED, new Progress.Connected(), ANSWER_BY), State.CONNECTED, false);
  }

  @Test
  void the_id_is_the_same_for_the_same_secret_and_tells_nothing_of_it() {
    Secret secret = Secret.of("a-secret-of-a-session");
    assertThat(SessionId.of(secret)).isEqualTo(SessionId.of(Secret.of("a-secret-of-a-session")));
    assertThat(SessionId.of(secret)).isNotEqualTo(SessionId.of(Secret.of("another")));
    assertThat(SessionId.read(SessionId.of(secret).text())).contains(SessionId.of(secret));
    assertThat(SessionId.read("x")).isEmpty();
    assertThatThrownBy(() -> new SessionId("x")).isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertIs(SessionStatus status, State state, boolean usable) {
    assertThat(status.state()).isEqualTo(state);
    assertThat(status.usable()).isEqualTo(usable);
    assertThat(status.expiresAt()).isEqualTo(ENDS);
    assertThat(status.key()).isEqualTo(KEY);
  }
}
