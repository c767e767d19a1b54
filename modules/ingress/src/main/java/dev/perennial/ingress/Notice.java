package dev.perennial.ingress;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page that says what happened and what to do next. Everything in it is plain text; the template
 * escapes it.
 *
 * @param status HTTP status
 * @param aside small print: a reason for the operator, or the provider's words; null = none
 */
record Notice(
    int status,
    Tone tone,
    String title,
    String happened,
    String next,
    @Nullable String aside,
    Action action) {

  /** Which mark stands beside the title. */
  enum Tone {
    /** Something is to be done by the user. */
    ASK,
    DONE,
    WAIT,
    STOP
  }

  /** What the page offers. */
  sealed interface Action {
    record None() implements Action {}

    record Link(String text, String href) implements Action {}

    /**
     * Loads the same address again, query and all, without writing it into the page.
     *
     * @param afterSeconds by itself; 0 = only on a click
     */
    record Reload(int afterSeconds) implements Action {}

    /**
     * Posts the same parameters again from our own origin.
     *
     * @param afterSeconds by itself where scripts run; negative = only on a click
     */
    record Resend(
        String text, String address, Map<String, List<String>> parameters, int afterSeconds)
        implements Action {
      @Override
      public String toString() {
        return "Resend[" + address + ", " + parameters.keySet() + "]";
      }
    }

    /**
     * A code to be entered on a page of the provider (RFC 8628 section 3.3).
     *
     * @param host of the page
     * @param page where; an https address
     * @param outcome our page that says how it went
     * @param progress tells whether it is known
     */
    record Device(String code, String host, String page, String outcome, String progress)
        implements Action {
      @Override
      public String toString() {
        return "Device[" + outcome + "]";
      }
    }

    /**
     * Tells the page that opened this window.
     *
     * @param origin of that page, the only one that may hear it
     * @param closes whether the window then closes by itself
     * @param back where to go where there is no such page any more; null = nowhere
     */
    record Tell(
        String origin, String status, String connection, boolean closes, @Nullable Return back)
        implements Action {}

    /** Leaves for the application that asked for the consent, after a second by itself. */
    record Return(String host, String href) implements Action {}
  }

  static Notice of(int status, Tone tone, String title, String happened, String next) {
    return new Notice(status, tone, title, happened, next, null, new Action.None());
  }

  Notice with(Action offered) {
    return new Notice(status, tone, title, happened, next, aside, offered);
  }

  Notice next(String text) {
    return new Notice(status, tone, title, happened, text, aside, action);
  }

  Notice aside(@Nullable String text) {
    return new Notice(status, tone, title, happened, next, text, action);
  }
}
