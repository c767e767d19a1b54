package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.refresh.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What to write down about an outcome without tokens. */
record Failures(Backoff backoff, Sealer sealer) {
  /** An operator has to act first. */
  static final Duration MISCONFIGURED_WAIT = Duration.ofMinutes(10);

  /** For a refresh attempt. */
  Failure of(ConnectionKey key, Begin.Attempt attempt, TokenOutcome outcome) {
    Reason reason = reason(outcome);
    Duration wait = backoff.after(attempt.failures());
    return switch (outcome) {
      case TokenOutcome.NotSent _ -> new Failure(Kind.NOT_SENT, reason, wait, null);
      case TokenOutcome.NoAnswer _ -> new Failure(Kind.NO_ANSWER, reason, wait, null);
      case TokenOutcome.Throttled throttled ->
          new Failure(Kind.THROTTLED, reason, longer(wait, throttled.retryAfter()), null);
      case TokenOutcome.Unavailable unavailable ->
          new Failure(Kind.UNAVAILABLE, reason, longer(wait, unavailable.retryAfter()), null);
      case TokenOutcome.Misconfigured _ ->
          new Failure(Kind.MISCONFIGURED, reason, longer(wait, MISCONFIGURED_WAIT), null);
      case TokenOutcome.Refused _ ->
          new Failure(Kind.REFUSED, refused(attempt, reason), Duration.ZERO, null);
      case TokenOutcome.Unreadable unreadable ->
          new Failure(Kind.UNREADABLE, reason, Duration.ZERO, seal(key, unreadable.body()));
      case TokenOutcome.Granted _ -> throw noFailure();
    };
  }

  /**
   * For a refresh whose tokens are good and from which something that had to follow is missing.
   *
   * @param number of the request that brought nothing, from 1
   */
  Failure incomplete(Begin.Attempt attempt, int number, TokenOutcome outcome) {
    Duration wait = backoff.after(attempt.failures());
    Reason reason = ofFollowUp(number, outcome);
    return switch (outcome) {
      case TokenOutcome.NotSent _ -> new Failure(Kind.NOT_SENT, reason, wait, null);
      case TokenOutcome.NoAnswer _ -> new Failure(Kind.NO_ANSWER, reason, wait, null);
      case TokenOutcome.Throttled throttled ->
          new Failure(Kind.THROTTLED, reason, longer(wait, throttled.retryAfter()), null);
      case TokenOutcome.Unavailable unavailable ->
          new Failure(Kind.UNAVAILABLE, reason, longer(wait, unavailable.retryAfter()), null);
      case TokenOutcome.Misconfigured _ ->
          new Failure(Kind.MISCONFIGURED, reason, longer(wait, MISCONFIGURED_WAIT), null);
      case TokenOutcome.Refused _, TokenOutcome.Unreadable _ ->
          new Failure(Kind.UNAVAILABLE, reason, wait, null);
      case TokenOutcome.Granted _ -> throw noFailure();
    };
  }

  /** A follow-up ends no grant, and nothing that it brought is kept. */
  static Reason ofFollowUp(int number, TokenOutcome outcome) {
    Reason reason = reason(outcome);
    boolean toBeTriedAgain =
        reason.code().equals(Reason.REFUSED) || reason.code().equals(Reason.UNREADABLE_ANSWER);
    return new Reason(
        toBeTriedAgain ? Reason.UNAVAILABLE : reason.code(),
        "follow-up " + number + ": " + reason.detail());
  }

  /** A probe's refusal may only mean that the attempt which vanished had succeeded. */
  private static Reason refused(Begin.Attempt attempt, Reason reason) {
    return attempt.probe() ? new Reason(Reason.OUTCOME_UNKNOWN, reason.detail()) : reason;
  }

  private Sealed seal(ConnectionKey key, byte[] body) {
    return sealer.seal(key, Sealer.Purpose.UNREADABLE_ANSWER, body);
  }

  private static Duration longer(Duration wait, @Nullable Duration asked) {
    return asked != null && asked.compareTo(wait) > 0 ? asked : wait;
  }

  /** For a code, which is not sent again: without an answer nobody knows what became of it. */
  static Reason ofCode(TokenOutcome outcome) {
    return outcome instanceof TokenOutcome.NoAnswer(String detail)
        ? new Reason(Reason.OUTCOME_UNKNOWN, detail)
        : reason(outcome);
  }

  private static Reason reason(TokenOutcome outcome) {
    return switch (outcome) {
      case TokenOutcome.NotSent(String detail) -> new Reason(Reason.NOT_SENT, detail);
      case TokenOutcome.NoAnswer(String detail) -> new Reason(Reason.NO_ANSWER, detail);
      case TokenOutcome.Throttled throttled -> new Reason(Reason.THROTTLED, throttled.detail());
      case TokenOutcome.Unavailable unavailable ->
          new Reason(Reason.UNAVAILABLE, unavailable.detail());
      case TokenOutcome.Misconfigured(String detail) -> new Reason(Reason.MISCONFIGURED, detail);
      case TokenOutcome.Refused(String detail) -> new Reason(Reason.REFUSED, detail);
      case TokenOutcome.Unreadable unreadable ->
          new Reason(Reason.UNREADABLE_ANSWER, unreadable.detail());
      case TokenOutcome.Granted _ -> throw noFailure();
    };
  }

  private static IllegalArgumentException noFailure() {
    return new IllegalArgumentException("tokens were granted");
  }
}
