package dev.perennial.devstack.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request at a token endpoint, as it was when it was read from the ledger. Carries no secret.
 *
 * @param order of processing, over all providers: a lower one was processed earlier
 * @param provider name of the provider
 * @param kind what was presented
 * @param token a name for what was presented, e.g. {@code refresh-token-12}, or {@code unknown}
 * @param grant the consent it belongs to, e.g. {@code google-3}, as the answers state it in {@code
 *     sim_grant}; {@code unknown} for a token that was never issued
 * @param client the client id it came with, or empty
 * @param worker who sent it: header {@code X-Perennial-Worker}, else the last word of a longer
 *     User-Agent, else {@code port <n>}
 * @param at when it arrived, by the provider's clock
 * @param nanos the same by {@link System#nanoTime()}
 * @param outcome what was decided
 * @param detail the error or the fault, or empty
 * @param delivery what became of the answer
 * @param leftAt when the last of the answer had been written, by the same clock as {@code at}; null
 *     while it is served, and where it never left whole
 * @param issued name of the refresh token in the answer, e.g. {@code google-refresh-token-13}:
 *     another one than presented, or the same said again; empty where it has none
 * @param spends whether the token was spent once this use was granted: by it, or by an earlier one
 *     that it repeated within the reuse window
 * @param reusableUntil until when a repetition does no harm, where it is spent
 */
public record Use(
    long order,
    String provider,
    Kind kind,
    String token,
    String grant,
    String client,
    String worker,
    Instant at,
    long nanos,
    Outcome outcome,
    String detail,
    Delivery delivery,
    @Nullable Instant leftAt,
    String issued,
    boolean spends,
    Instant reusableUntil) {

  /** What a request presented. */
  public enum Kind {
    CODE,
    REFRESH_TOKEN,
    CLIENT_CREDENTIALS,
    OTHER;

    /** Whether what is presented came out of a consent. */
    boolean isGranted() {
      return this == CODE || this == REFRESH_TOKEN;
    }
  }

  /** What the provider decided. */
  public enum Outcome {
    /**
     * Not decided yet, or the caller went away first; or a real server gave no answer, and what it
     * decided is unknown.
     */
    UNPROCESSED,
    GRANTED,
    REFUSED,
    /**
     * A fault stood in for an answer, and nothing was processed; or a real server's own answer
     * neither grants nor refuses, such as a 503.
     */
    FAULT
  }
}
