package dev.perennial.domain.credential;

import dev.perennial.domain.Sealed;
import java.time.Instant;

/** Answers of {@link CredentialStore#begin}. */
public sealed interface Begin {

  /** The attempt is written down and its lease runs. Send, then commit or fail. */
  record Begun(Attempt attempt) implements Begin {}

  /** Not current: superseded, already handled, or waiting for a consent. Drop the event. */
  record Stale() implements Begin {}

  /** The event is newer than Redis. Whoever heals will catch up. Drop the event. */
  record Behind() implements Begin {}

  /** Not before this time; the due index knows. Drop the event. */
  record NotYet(Instant until) implements Begin {}

  /** Another attempt holds a living lease; the due index comes back after it. Drop the event. */
  record Busy(Instant until) implements Begin {}

  /** An attempt vanished and somebody may still hold its answer; a probe follows then. */
  record Unknown(Instant until) implements Begin {}

  /** A version was written and not published: publish it, then mark it. */
  record Unpublished(CredentialState state) implements Begin {}

  /** There is no such credential. */
  record Missing() implements Begin {}

  /** The credential was deleted. */
  record Deleted() implements Begin {}

  /**
   * A begun attempt: what to spend, and against which base it commits.
   *
   * @param id of this handler run
   * @param stage 0 for the first request, n for the n-th follow-up
   * @param grant the base
   * @param tokenGen the base
   * @param sealed the current token response
   * @param failures failed attempts in a row so far
   * @param at Redis's time at begin
   * @param probe an earlier attempt vanished; a refusal then means its outcome stays unknown
   */
  record Attempt(
      String id,
      int stage,
      long grant,
      long tokenGen,
      Sealed sealed,
      int failures,
      Instant at,
      boolean probe) {}
}
