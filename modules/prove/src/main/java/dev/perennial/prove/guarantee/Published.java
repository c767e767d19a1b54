package dev.perennial.prove.guarantee;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import org.jspecify.annotations.Nullable;

/**
 * A record of {@code credentials-updated}, opened.
 *
 * @param refreshToken the ledger's name for the refresh token in it; null where there is none or
 *     the ledger does not know it
 */
public record Published(
    CredentialState state, @Nullable String refreshToken, int partition, long offset) {

  public ConnectionKey key() {
    return state.key();
  }

  /** E.g. {@code refreshed 12-3-7 at 4:118}: grant's last digits, answer, version, place. */
  @Override
  public String toString() {
    return state.change().text()
        + " grant …"
        + state.grant() % 1_000_000
        + " answer "
        + state.tokenGen()
        + " version "
        + state.version()
        + (state.reason() == null ? "" : " (" + state.reason() + ")")
        + " at "
        + partition
        + ":"
        + offset;
  }
}
