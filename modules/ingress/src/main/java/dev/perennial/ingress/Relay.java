package dev.perennial.ingress;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings a form_post callback home. Such a callback is a cross-site POST, and browsers send no
 * SameSite=Lax cookie with one. So it is answered with a form of the same parameters, which our own
 * page posts again: that POST is same-site and carries the cookie. One round only, marked, so that
 * a browser without the cookie ends on a page and not in a circle.
 */
final class Relay {
  /** The parameter that marks the second round. */
  static final String MARK = "perennial_relay";

  private Relay() {}

  static boolean isSecondRound(Received.Parameters parameters) {
    return parameters.first(MARK) != null;
  }

  /** The same parameters with the mark. */
  static Map<String, List<String>> marked(Received.Parameters parameters) {
    Map<String, List<String>> marked = new LinkedHashMap<>(parameters.values());
    marked.put(MARK, List.of("1"));
    return marked;
  }
}
