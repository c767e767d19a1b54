package dev.perennial.exchanger;

import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the protocol calls the credential hash. */
final class MemoryRow {
  long grant;
  long tokenGen;
  long version;
  long published;
  Status status = Status.ACTIVE;
  Change change = Change.CONNECTED;
  @Nullable Reason reason;
  @Nullable IssuedTokens tokens;
  @Nullable Instant dueAt;
  @Nullable Instant nextAttemptAt;
  Instant changedAt = Instant.EPOCH;
  int failures;
  @Nullable String attempt;
  String attemptState = "";
  Instant leaseUntil = Instant.EPOCH;
  @Nullable String committed;
  @Nullable Sealed unreadable;
  int stage;
  @Nullable Sealed staged;
  @Nullable String stagedBy;

  void clearAttempt() {
    attempt = null;
    stage = 0;
    staged = null;
    stagedBy = null;
  }

  void settle() {
    status = Status.ACTIVE;
    reason = null;
    failures = 0;
    nextAttemptAt = null;
    unreadable = null;
    clearAttempt();
  }
}
