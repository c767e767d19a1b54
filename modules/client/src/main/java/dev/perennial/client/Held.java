package dev.perennial.client;

import dev.perennial.domain.credential.CredentialState;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The newest version of a connection, and its token once somebody has asked for it: the seal is
 * opened at most once for each version. Thread-safe.
 */
final class Held {
  private final CredentialState state;
  private volatile @Nullable Token token;
  private long askedAt;
  private boolean asked;

  Held(CredentialState state) {
    this.state = state;
  }

  CredentialState state() {
    return state;
  }

  /** Null where nobody has opened it. */
  @Nullable Token opened() {
    return token;
  }

  synchronized Token open(Function<CredentialState, Token> opener) {
    Token opened = token;
    if (opened == null) {
      opened = opener.apply(state);
      token = opened;
    }
    return opened;
  }

  /** Whether a refresh of this version should be asked for: not where that was just done. */
  synchronized boolean claimAsking(long nanos, long againAfterNanos) {
    boolean due = !asked || nanos - askedAt >= againAfterNanos;
    if (due) {
      asked = true;
      askedAt = nanos;
    }
    return due;
  }
}
