package dev.perennial.domain.authorization;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One begin record for each authorization code, so that none is ever sent twice (RFC 6749 section
 * 4.1.2) and each one is settled. A code that succeeds is settled by {@code CredentialStore.put}.
 * Thread-safe; throws {@link dev.perennial.domain.UnavailableException} where Redis does not
 * answer.
 */
public interface CodeRecords {

  /**
   * Begins the one attempt there is for a code.
   *
   * @param attempt fresh for each handler run
   */
  CodeBegin begin(Event.CodeReceived code, String attempt);

  /**
   * Writes down how far an exchange has come and renews its lease. A run that vanishes after this
   * is followed by another, which begins there: after the stage whose answers are given, or, at
   * stage 0, by asking the provider again, as only a device grant may.
   *
   * @param stage how many requests have been answered
   * @param staged the sealed answers so far; null at stage 0
   * @return false where another attempt has it, or it is settled: look at it again by {@link
   *     #begin}. True also where the store has lost the record: the exchange goes on without
   */
  boolean advance(
      ConnectionKey key, String authorization, String attempt, int stage, @Nullable Sealed staged);

  /**
   * Settles a code that failed; to be called once the failure is published. Keeps the first reason.
   */
  void fail(ConnectionKey key, String authorization, Reason reason);

  /** How far a consent has come; asked by the callback page. */
  Progress progress(ConnectionKey key, String authorization);

  /**
   * Codes of the shard whose attempt began, whose lease ended before this time on the store's
   * clock, and that nobody settled. Some hundreds at most.
   */
  List<Vanished> vanished(int shard, Instant before);

  /** Answers of {@link #begin}. */
  sealed interface CodeBegin {
    /**
     * Send it now, or go on after the stage.
     *
     * @param at Redis's time
     * @param stage how many requests have been answered
     * @param staged the sealed answers so far; null at stage 0
     */
    record Begun(Instant at, String attempt, int stage, @Nullable Sealed staged)
        implements CodeBegin {}

    /** Another run began it and may still be at work; if it vanished, the sweep settles it. */
    record InFlight() implements CodeBegin {}

    /** Its tokens are stored; what was written may still have to be published. */
    record Connected() implements CodeBegin {}

    record Failed(Reason reason) implements CodeBegin {}

    /**
     * The store has lost data since the callback, and with it perhaps the record that the code was
     * sent. It is not sent: settle it as failed, outcome unknown.
     */
    record Lost() implements CodeBegin {}
  }

  /** Answers of {@link #progress}. */
  sealed interface Progress {
    /** Nothing is known yet, or the exchange is running. */
    record Pending() implements Progress {}

    record Connected() implements Progress {}

    record Failed(Reason reason) implements Progress {}
  }

  record Vanished(ConnectionKey key, String authorization) {}
}
