package dev.perennial.exchanger;

import dev.perennial.domain.credential.TokenOutcome;
import java.util.List;

/** What one answer of a provider brought. */
sealed interface Answer {

  /**
   * What was asked for.
   *
   * @param body a Map, or a List where one was allowed
   */
  record Good(Object body) implements Answer {
    @Override
    public String toString() {
      return "Good[***]";
    }
  }

  /**
   * Something else, or nothing.
   *
   * @param outcome never Granted
   * @param codes the error's codes, in the order they are believed
   */
  record Bad(TokenOutcome outcome, List<String> codes) implements Answer {
    private static final String INVALID_CLIENT = "invalid_client";

    public Bad {
      codes = List.copyOf(codes);
    }

    /** Without an answer that has codes in it. */
    static Bad of(TokenOutcome outcome) {
      return new Bad(outcome, List.of());
    }

    /** Whether another secret may help (RFC 6749 section 5.2): nothing was spent. */
    boolean clientRefused() {
      return outcome instanceof TokenOutcome.Misconfigured && has(INVALID_CLIENT);
    }

    boolean has(String code) {
      return codes.contains(code);
    }
  }
}
