package dev.perennial.app.admin;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.util.Locale;

/**
 * What the server itself answers before a route is found (a request line that cannot be read, say),
 * as problem documents too. Thread-safe.
 */
public final class ProblemResponses implements DirectHandler {

  private ProblemResponses() {}

  /** For every kind of such answers; to be set on the admin listener. */
  public static DirectHandlers all() {
    DirectHandlers.Builder all = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      all.addHandler(type, new ProblemResponses());
    }
    return all.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    Problem problem =
        Problem.of(
            status.code(),
            type.name().toLowerCase(Locale.ROOT).replace('_', '-'),
            status.reasonPhrase(),
            "The request cannot be taken as HTTP.");
    return TransportResponse.builder()
        .status(status)
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
        .keepAlive(false)
        .entity(problem.json())
        .build();
  }
}
