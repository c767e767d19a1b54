package dev.perennial.exchanger;

import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.TokenOutcome;
import java.util.Locale;

/**
 * How the handling of one event ended. The lower-case name stands in metrics and log lines and is
 * part of the public contract.
 */
public enum Outcome {
  /** New tokens are stored, or on their way there by the grant journal. */
  REFRESHED,
  /** The same, but something that had to follow them is missing. */
  INCOMPLETE,
  /** A newer consent or answer stands there; ours was dropped. */
  SUPERSEDED,
  /** The connection was deleted meanwhile: nobody will use the new tokens. */
  ORPHANED,
  /** Between follow-up requests, left to a run that has the key. */
  LEFT,

  NOT_SENT,
  THROTTLED,
  UNAVAILABLE,
  NO_ANSWER,
  MISCONFIGURED,
  UNREADABLE,
  REFUSED,

  /** Put off: every place of the integration stayed taken for as long as an event waits. */
  POSTPONED_PLACES,
  /** Put off: the provider does not answer. */
  POSTPONED_BREAKER,
  /** Put off: the rate limit is used up. */
  POSTPONED_RATE_LIMIT,

  /** Another attempt holds a living lease. */
  BUSY,
  /** An attempt vanished; a probe follows. */
  UNKNOWN,
  STALE,
  BEHIND,
  NOT_YET,
  NOT_READY,
  MISSING,
  DELETED,
  /** An earlier run had done it. */
  DONE_BEFORE,
  /** A version that an earlier run had written was published. */
  PUBLISHED,
  /** The token came to its end and nothing can renew it. */
  EXPIRED,
  /** It was about the end of a token that is not there yet. */
  NOT_EXPIRED,
  NO_DEFINITION,

  /** The code became a credential. */
  CONNECTED,
  DECLINED,
  OUTCOME_UNKNOWN,
  /** The code failed for a reason that has no name here. */
  FAILED,
  /** Another run has it. */
  ELSEWHERE,
  /** It had failed before. */
  FAILED_BEFORE;

  /** The name in metrics and log lines, e.g. {@code not_sent}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Outcome of(Failure.Kind kind) {
    return switch (kind) {
      case NOT_SENT -> NOT_SENT;
      case THROTTLED -> THROTTLED;
      case UNAVAILABLE -> UNAVAILABLE;
      case NO_ANSWER -> NO_ANSWER;
      case MISCONFIGURED -> MISCONFIGURED;
      case UNREADABLE -> UNREADABLE;
      case REFUSED -> REFUSED;
    };
  }

  /** How one token request failed. */
  static Outcome of(TokenOutcome outcome) {
    return switch (outcome) {
      case TokenOutcome.NotSent _ -> NOT_SENT;
      case TokenOutcome.Throttled _ -> THROTTLED;
      case TokenOutcome.Unavailable _ -> UNAVAILABLE;
      case TokenOutcome.NoAnswer _ -> NO_ANSWER;
      case TokenOutcome.Misconfigured _ -> MISCONFIGURED;
      case TokenOutcome.Unreadable _ -> UNREADABLE;
      case TokenOutcome.Refused _ -> REFUSED;
      case TokenOutcome.Granted _ -> throw new IllegalArgumentException("tokens were granted");
    };
  }

  /** Why a code failed. */
  static Outcome of(Reason reason) {
    return switch (reason.code()) {
      case Reason.DECLINED -> DECLINED;
      case Reason.REFUSED -> REFUSED;
      case Reason.THROTTLED -> THROTTLED;
      case Reason.UNAVAILABLE -> UNAVAILABLE;
      case Reason.MISCONFIGURED -> MISCONFIGURED;
      case Reason.NOT_SENT -> NOT_SENT;
      case Reason.NO_ANSWER -> NO_ANSWER;
      case Reason.UNREADABLE_ANSWER -> UNREADABLE;
      case Reason.OUTCOME_UNKNOWN -> OUTCOME_UNKNOWN;
      case Reason.SUPERSEDED -> SUPERSEDED;
      default -> FAILED;
    };
  }
}
