package dev.perennial.domain.authorization;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.credential.Reason;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How far a connect session has come. Immutable.
 *
 * @param authorization id of the consent this is about, as events name it; null before the first
 * @param reason why it failed; null where it did not
 * @param usable whether its link can still be opened and begin a consent
 * @param expiresAt when the link ends if nobody uses it up
 */
public record SessionStatus(
    ConnectionKey key,
    State state,
    @Nullable String authorization,
    @Nullable Reason reason,
    boolean usable,
    Instant expiresAt) {

  /** The words of the API. */
  public enum State {
    /** Nobody has opened the link. */
    OPEN,
    /** Opened; the consent is not answered, or its code is being exchanged. */
    STARTED,
    /** The tokens are stored. Final. */
    CONNECTED,
    /** The last consent failed. Final unless the link is still usable. */
    FAILED,
    /** Too old, and no consent came back. */
    EXPIRED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is written down of a session.
   *
   * @param expiresAt when the link ends
   * @param authorization the consent last heard of, or the one that used the session up; null where
   *     none has begun
   * @param answerBy until when a consent that has begun may come back; null where none has begun
   * @param used whether that consent has used the session up
   */
  public record Track(
      ConnectionKey key,
      Instant expiresAt,
      @Nullable String authorization,
      @Nullable Instant answerBy,
      boolean used) {}

  /**
   * @param progress of the track's consent; {@link Progress.Pending} without one
   */
  public static SessionStatus of(Track track, Progress progress, Instant now) {
    boolean valid = now.isBefore(track.expiresAt());
    boolean usable = valid && !track.used();
    if (progress instanceof Progress.Connected) {
      return status(track, State.CONNECTED, null, false);
    }
    return progress instanceof Progress.Failed failed
        ? status(track, State.FAILED, failed.reason(), usable)
        : status(track, pending(track, valid, now), null, usable);
  }

  private static State pending(Track track, boolean valid, Instant now) {
    if (track.authorization() == null) {
      return valid ? State.OPEN : State.EXPIRED;
    }
    boolean awaited = track.used() || (track.answerBy() != null && now.isBefore(track.answerBy()));
    return awaited || valid ? State.STARTED : State.EXPIRED;
  }

  private static SessionStatus status(
      Track track, State state, @Nullable Reason reason, boolean usable) {
    return new SessionStatus(
        track.key(), state, track.authorization(), reason, usable, track.expiresAt());
  }
}
