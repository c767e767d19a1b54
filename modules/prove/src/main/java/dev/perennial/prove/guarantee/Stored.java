package dev.perennial.prove.guarantee;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A connection as it stands in Redis, read field by field.
 *
 * @param sealed the tokens, as text of bytes
 * @param refreshToken the ledger's name for the refresh token in it
 * @param attempt the attempt that is open, or null
 * @param attemptState {@code open}, {@code unknown}, {@code probe}, or null
 * @param dueAt when it falls due, or null
 */
public record Stored(
    long grant,
    long tokenGen,
    long version,
    long published,
    String status,
    @Nullable String sealed,
    @Nullable String refreshToken,
    @Nullable String attempt,
    @Nullable String attemptState,
    @Nullable Instant leaseUntil,
    @Nullable Instant dueAt) {

  @Override
  public String toString() {
    return status
        + " grant …"
        + grant % 1_000_000
        + " answer "
        + tokenGen
        + " version "
        + version
        + " published "
        + published
        + (attempt == null ? "" : " attempt " + attemptState);
  }
}
