package dev.perennial.domain.credential;

/**
 * Why something is as it is: a code from our own vocabulary for machines, a detail for people. Both
 * are stored, published, logged and shown, so neither ever carries a secret or free text of a
 * provider.
 *
 * @param code {@code [a-z_]}, e.g. {@code refused}
 * @param detail e.g. {@code HTTP 400 invalid_grant}; empty where the code says it all
 */
public record Reason(String code, String detail) {
  /** The user, or the provider for them, said no to a consent. */
  public static final String DECLINED = "declined";

  public static final String REFUSED = "refused";
  public static final String THROTTLED = "throttled";
  public static final String UNAVAILABLE = "unavailable";
  public static final String MISCONFIGURED = "misconfigured";
  public static final String NOT_SENT = "not_sent";
  public static final String NO_ANSWER = "no_answer";
  public static final String UNREADABLE_ANSWER = "unreadable_answer";
  public static final String OUTCOME_UNKNOWN = "outcome_unknown";
  public static final String SUPERSEDED = "superseded";

  /** An operator has said that the key it is sealed with is lost for good. */
  public static final String KEY_LOST = "key_lost";

  private static final int MAX_DETAIL = 300;

  /** Cuts the detail to 300 characters and replaces what does not print. */
  public Reason {
    detail = detail.length() > MAX_DETAIL ? detail.substring(0, MAX_DETAIL) + "…" : detail;
    detail = detail.replaceAll("\\p{Cntrl}", " ");
  }

  public static Reason of(String code) {
    return new Reason(code, "");
  }

  @Override
  public String toString() {
    return detail.isEmpty() ? code : code + " (" + detail + ")";
  }
}
