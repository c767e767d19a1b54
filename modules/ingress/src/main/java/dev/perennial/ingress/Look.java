package dev.perennial.ingress;

/** What the pages of every listener share: colours, type and the like, as variables of a style. */
public final class Look {
  private static final String TOKENS = Pages.resource("tokens.css") + "\n";

  private Look() {}

  /** A style sheet of custom properties, light and dark. */
  public static String tokens() {
    return TOKENS;
  }
}
