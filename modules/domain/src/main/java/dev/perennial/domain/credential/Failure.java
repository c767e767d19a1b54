package dev.perennial.domain.credential;

import dev.perennial.domain.Sealed;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A refresh attempt that ended without tokens, as it is recorded.
 *
 * @param retryIn how long from now until another attempt may begin; ignored where none may
 * @param body the sealed raw answer of {@link Kind#UNREADABLE}, else null
 */
public record Failure(Kind kind, Reason reason, Duration retryIn, @Nullable Sealed body) {

  /** How it failed, which decides what follows. */
  public enum Kind {
    NOT_SENT,
    THROTTLED,
    UNAVAILABLE,
    NO_ANSWER,
    MISCONFIGURED,
    UNREADABLE,
    REFUSED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
