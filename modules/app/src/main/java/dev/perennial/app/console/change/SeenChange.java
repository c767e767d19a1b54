package dev.perennial.app.console.change;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of a credential as it stood on the topic, without anything sealed. Immutable.
 *
 * @param number in the order in which this process saw them, from 1
 * @param partition of the topic
 * @param offset in the partition
 * @param reason null where all is well
 * @param at when the version was written, by the store's clock
 * @param expiresAt end of the access token; null = permanent, or none
 * @param nextRefreshAt null = none planned
 */
public record SeenChange(
    long number,
    int partition,
    long offset,
    ConnectionKey key,
    long grant,
    long version,
    Status status,
    Change change,
    @Nullable Reason reason,
    Instant at,
    @Nullable Instant expiresAt,
    @Nullable Instant nextRefreshAt) {

  static SeenChange of(long number, int partition, long offset, CredentialState state) {
    return new SeenChange(
        number,
        partition,
        offset,
        state.key(),
        state.grant(),
        state.version(),
        state.status(),
        state.change(),
        state.reason(),
        state.changedAt(),
        state.expiresAt(),
        state.nextRefreshAt());
  }

  SeenChange numbered(long number) {
    return new SeenChange(
        number,
        partition,
        offset,
        key,
        grant,
        version,
        status,
        change,
        reason,
        at,
        expiresAt,
        nextRefreshAt);
  }
}
