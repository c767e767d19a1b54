package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** States for tests. */
final class States {
  static final ConnectionKey KEY = new ConnectionKey("google", "acme");

  private States() {}

  static CredentialState of(long grant, long tokenGen, long version) {
    return of(KEY, grant, tokenGen, version, null);
  }

  /** A state that ends at a given time, null = permanent. */
  static CredentialState of(
      ConnectionKey key,
      long version,
      Status status,
      Change change,
      @Nullable Sealed sealed,
      @Nullable Instant expiresAt) {
    Reason reason = status == Status.ACTIVE ? null : Reason.of(Reason.REFUSED);
    return new CredentialState(
        key,
        1,
        version,
        version,
        status,
        change,
        reason,
        sealed,
        HandTime.START,
        expiresAt,
        null,
        "bearer",
        "mail",
        HandTime.START);
  }

  static CredentialState of(
      ConnectionKey key, long grant, long tokenGen, long version, @Nullable Sealed sealed) {
    Instant at = Instant.ofEpochSecond(1_767_225_600 + version);
    return new CredentialState(
        key,
        grant,
        tokenGen,
        version,
        Status.ACTIVE,
        Change.REFRESHED,
        null,
        sealed,
        at,
        null,
        null,
        "Bearer",
        null,
        at);
  }
}
