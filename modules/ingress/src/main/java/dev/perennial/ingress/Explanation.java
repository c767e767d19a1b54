package dev.perennial.ingress;

import dev.perennial.domain.credential.Reason;

/**
 * A reason in words for the person at the browser.
 *
 * @param operatorMustAct starting over does not help before somebody changed something
 * @param next what to do where starting over does not help
 */
record Explanation(String title, String happened, boolean operatorMustAct, String next) {

  static Explanation of(Reason reason, String integration) {
    return switch (reason.code()) {
      case Reason.DECLINED ->
          startOver("You declined", "No consent was given, so “" + integration + "” is as before.");
      case ProviderError.MISSING_CODE ->
          operator(
              "The answer has no code in it",
              "The provider sent you back without the authorization code we need.");
      case Reason.MISCONFIGURED ->
          operator(
              "The provider does not accept our request",
              "The integration “" + integration + "” is not set up as the provider expects.");
      case Reason.REFUSED ->
          startOver(
              "The provider refused", "It did not turn your consent into a credential for us.");
      case Reason.THROTTLED, Reason.UNAVAILABLE, Reason.NOT_SENT ->
          startOver("The provider is not available", "It could not be asked for the credential.");
      case Reason.NO_ANSWER, Reason.OUTCOME_UNKNOWN ->
          startOver(
              "The provider did not answer",
              "We cannot tell whether it took the code, and a code must not be sent twice.");
      case Reason.UNREADABLE_ANSWER ->
          operator(
              "The provider’s answer cannot be read",
              "It answered in a form that the integration “"
                  + integration
                  + "” does not describe.");
      default -> startOver("It did not work", "The consent ended without a credential.");
    };
  }

  private static Explanation startOver(String title, String happened) {
    return new Explanation(title, happened, false, "");
  }

  private static Explanation operator(String title, String happened) {
    return new Explanation(
        title,
        happened,
        true,
        "Tell the operator of this service, with the reason below; starting over will not help"
            + " before that.");
  }
}
