package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tokens are erased, version numbers live on. */
class DeleteTest extends StoreFixture {
  @Test
  void versionsNeverRestartAfterADeletion() {
    connected();
    CredentialState deleted = store.delete(KEY, GRANT + 1).orElseThrow();
    assertThat(deleted.sealed()).isNull();
    assertThat(deleted.status()).isEqualTo(Status.DELETED);
    assertThat(store.put(KEY, GRANT, "auth", tokens("late"))).isInstanceOf(Put.Superseded.class);
    assertThat(put("again", GRANT + 2, Duration.ofHours(1)).version()).isEqualTo(3);
  }

  @Test
  void deleteByAnOlderGrantDoesNothing() {
    connected();
    assertThat(store.delete(KEY, GRANT)).isEmpty();
  }

  @Test
  void deleteErasesTheTokensAndLeavesTheDueIndex() {
    connected();
    begin(1, "a");
    CredentialState deleted = store.delete(KEY, GRANT + 1).orElseThrow();
    assertThat(dueField()).isNull();
    assertThat(field("sealed")).isNull();
    assertThat(field("attempt")).isNull();
    assertThat(outbox()).containsExactly(deleted);
  }

  @Test
  void deleteOfAnUnknownConnectionDoesNothing() {
    assertThat(store.delete(KEY, GRANT)).isEmpty();
    assertThat(store.find(KEY)).isEmpty();
  }
}
