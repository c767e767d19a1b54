package dev.perennial.client;

import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.event.SealedPayloads;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One published version of a credential. Immutable; prints no token. */
public final class CredentialUpdate {
  private final CredentialState state;
  private final @Nullable SealedPayloads payloads;

  CredentialUpdate(CredentialState state, @Nullable SealedPayloads payloads) {
    this.state = state;
    this.payloads = payloads;
  }

  /** What may be said in the open, and the tokens sealed. */
  public CredentialState state() {
    return state;
  }

  /**
   * The tokens. Empty where the credential is deleted, or where whoever follows has no sealer.
   *
   * @throws dev.perennial.domain.Sealer.UnsealableException where the sealer cannot open them
   */
  public Optional<TokenResponse> open() {
    return payloads == null || state.sealed() == null
        ? Optional.empty()
        : Optional.of(payloads.openTokens(state.key(), state.sealed()));
  }

  @Override
  public String toString() {
    return state.key() + " version " + state.version() + " " + state.change().text();
  }
}
