package dev.perennial.domain.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CredentialStateTest {

  @Test
  void states_order_by_grant_then_answer_then_version() {
    CredentialState oldGrant = state(1, 9, 90);
    CredentialState oldAnswer = state(2, 1, 80);
    CredentialState oldVersion = state(2, 2, 3);
    CredentialState newest = state(2, 2, 4);
    assertThat(Stream.of(newest, oldAnswer, oldVersion, oldGrant).sorted())
        .containsExactly(oldGrant, oldAnswer, oldVersion, newest);
    assertThat(newest).isEqualByComparingTo(state(2, 2, 4));
  }

  @Test
  void names_in_public_read_back() {
    for (Status status : Status.values()) {
      assertThat(Status.of(status.text())).isEqualTo(status);
    }
    for (Change change : Change.values()) {
      assertThat(Change.of(change.text())).isEqualTo(change);
    }
    assertThat(Status.REAUTHORIZATION_REQUIRED.text()).isEqualTo("reauthorization_required");
  }

  @Test
  void a_reason_is_short_and_prints() {
    Reason reason = new Reason(Reason.REFUSED, "a\r\nb\0" + "c".repeat(1_000));
    assertThat(reason.detail()).hasSize(301).startsWith("a  b c").endsWith("…");
    assertThat(reason.toString()).startsWith("refused (a  b c");
    assertThat(Reason.of(Reason.REFUSED)).hasToString("refused");
  }

  private static CredentialState state(long grant, long tokenGen, long version) {
    return new CredentialState(
        new ConnectionKey("google", "acme"),
        grant,
        tokenGen,
        version,
        Status.ACTIVE,
        Change.REFRESHED,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Instant.EPOCH);
  }
}
