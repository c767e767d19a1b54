package dev.perennial.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Only the current version past its end expires. */
class ExpireTest extends StoreFixture {
  @Test
  void expireOnlyCountsPastTheEndOfTheCurrentVersion() {
    CredentialState stored = put("first", GRANT, Duration.ofMillis(1));
    assertThat(store.expire(KEY, GRANT, stored.version() + 1)).isEmpty();
    CredentialState expired =
        await(() -> store.expire(KEY, GRANT, stored.version()), Optional::isPresent).orElseThrow();
    assertThat(expired.status()).isEqualTo(Status.EXPIRED);
    assertThat(expired.change()).isEqualTo(Change.EXPIRED);
    assertThat(store.expire(KEY, GRANT, expired.version())).isEmpty();
  }

  @Test
  void expireBeforeTheEndComesBackAtTheEnd() {
    CredentialState stored = connected();
    assertThat(store.expire(KEY, GRANT, stored.version())).isEmpty();
    Instant end = Objects.requireNonNull(stored.expiresAt());
    assertThat(dueField()).isEqualTo(Long.toString(end.toEpochMilli()));
  }
}
