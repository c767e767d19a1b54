package dev.perennial.app.migration;

/** What is said of a change on the way. */
final class Notes {
  private Notes() {}

  /** Empty where the id is the same. */
  static String of(String theirs, String ours) {
    return theirs.equals(ours) ? "" : "was '" + printable(theirs) + "'";
  }

  static String printable(String text) {
    String head = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return head.replaceAll("\\p{Cntrl}", "?");
  }
}
