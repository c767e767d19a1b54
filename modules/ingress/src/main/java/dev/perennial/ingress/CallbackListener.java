package dev.perennial.ingress;

import java.util.Locale;

/**
 * Hears how callbacks end, on the thread of the request, so it must return at once and throw
 * nothing. Thread-safe.
 */
@FunctionalInterface
public interface CallbackListener {

  /** Hears nothing. */
  CallbackListener NONE = (_, _) -> {};

  /** A callback for a known integration was answered. */
  void ended(String integration, End end);

  /** How a callback ended. */
  enum End {
    /** The code is on its way. */
    ACCEPTED,
    /** The provider answered with an error. */
    DENIED,
    MISSING_CODE,
    REPEATED_PARAMETER,
    MISSING_STATE,
    UNKNOWN_STATE,
    EXPIRED_STATE,
    REPLAYED_STATE,
    WRONG_INTEGRATION,
    WRONG_BROWSER,
    WRONG_ISSUER,
    USED_LINK,
    BUSY,
    /** Kafka or Redis did not answer; the browser is asked to come again. */
    UNAVAILABLE;

    /** The name in metrics. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static End of(CallbackResult result) {
      return switch (result) {
        case CallbackResult.Accepted _ -> ACCEPTED;
        case CallbackResult.Denied _ -> DENIED;
        case CallbackResult.MissingCode _ -> MISSING_CODE;
        case CallbackResult.RepeatedParameter _ -> REPEATED_PARAMETER;
        case CallbackResult.MissingState _ -> MISSING_STATE;
        case CallbackResult.UnknownState _ -> UNKNOWN_STATE;
        case CallbackResult.ExpiredState _ -> EXPIRED_STATE;
        case CallbackResult.ReplayedState _ -> REPLAYED_STATE;
        case CallbackResult.WrongIntegration _ -> WRONG_INTEGRATION;
        case CallbackResult.WrongBrowser _ -> WRONG_BROWSER;
        case CallbackResult.WrongIssuer _ -> WRONG_ISSUER;
        case CallbackResult.UsedLink _ -> USED_LINK;
        case CallbackResult.Busy _ -> BUSY;
      };
    }
  }
}
