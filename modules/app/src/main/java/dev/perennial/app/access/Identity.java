package dev.perennial.app.access;

/** What a bearer token says of who shows it. */
public sealed interface Identity permits Caller, Identity.Unknown {

  /**
   * The token opens nothing.
   *
   * @param why for whoever shows it, without the token; empty where it is of another kind
   */
  record Unknown(String why) implements Identity {
    /** Nothing that whoever says so has ever seen. */
    public static final Unknown OF_ANOTHER_KIND = new Unknown("");
  }
}
