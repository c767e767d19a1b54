package dev.perennial.ingress;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP response as a value. Immutable.
 *
 * @param headers beside those that every response carries
 */
record Answer(int status, String body, Map<String, String> headers) {

  Answer {
    headers = Map.copyOf(headers);
  }

  /** No body. */
  static Answer empty(int status) {
    return new Answer(status, "", Map.of());
  }

  static Answer redirect(int status, String location) {
    return empty(status).with("Location", location);
  }

  static Answer json(String body) {
    return new Answer(200, body, Map.of("Content-Type", "application/json"));
  }

  static Answer html(int status, String body, String contentSecurityPolicy) {
    return new Answer(
        status,
        body,
        Map.of(
            "Content-Type",
            "text/html; charset=utf-8",
            "Content-Security-Policy",
            contentSecurityPolicy));
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, body, more);
  }

  /** What HEAD gets. */
  Answer withoutBody() {
    return new Answer(status, "", headers);
  }

  /** The body and most headers are nobody's business in a log. */
  @Override
  public String toString() {
    return "Answer[" + status + ", " + headers.keySet() + "]";
  }
}
