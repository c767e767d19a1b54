package dev.perennial.domain.credential;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one token request ended, seen by the one who sent it. Only the case's own data is there. */
public sealed interface TokenOutcome {

  /** A success that could be read, with an access token in it. */
  record Granted(TokenResponse response) implements TokenOutcome {}

  /** Failed before the first byte was written: the provider cannot have seen it. */
  record NotSent(String detail) implements TokenOutcome {}

  /** The provider says the grant is over. Believed only for the current token. */
  record Refused(String detail) implements TokenOutcome {}

  /** Too many requests; come back later. */
  record Throttled(String detail, @Nullable Duration retryAfter) implements TokenOutcome {}

  /** The provider answered, and the fault is on its side or not understood. */
  record Unavailable(String detail, @Nullable Duration retryAfter) implements TokenOutcome {}

  /** Our own request is wrong (client id, secret, scope): an operator must act. */
  record Misconfigured(String detail) implements TokenOutcome {}

  /** A success that cannot be read. The body may hold the only copy of the next refresh token. */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Unreadable(String detail, byte[] body) implements TokenOutcome {
    @Override
    public String toString() {
      return "Unreadable[" + detail + ", " + body.length + " bytes]";
    }
  }

  /** Written, and no answer came: the provider may or may not have processed it. */
  record NoAnswer(String detail) implements TokenOutcome {}
}
