package dev.perennial.ingress;

import dev.perennial.domain.Secret;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.SessionId;
import dev.perennial.domain.authorization.SessionStatus;
import dev.perennial.domain.credential.Reason;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /connect/{integration}/status}: how far a session has come, for the script of a page
 * of a listed origin. Whoever has the session's secret may ask; it stands in a form, so that it is
 * in no log of addresses and no preflight request is needed. Thread-safe.
 */
final class SessionStatusEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(SessionStatusEndpoint.class);

  private final IngressPorts ports;
  private final IngressSettings settings;
  private final InstantSource clock;

  SessionStatusEndpoint(IngressPorts ports, IngressSettings settings, InstantSource clock) {
    this.ports = ports;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * @param origin of the page that asks; empty where it is no browser's script
   */
  Answer answer(String slug, boolean isForm, String body, Optional<String> origin) {
    if (origin.isPresent() && !settings.returnOrigins().contains(origin.get())) {
      return json(403, "{\"error\":\"the origin of this page is not in connect.return-origins\"}");
    }
    Answer answer = isForm ? asked(slug, body) : json(415, "{\"error\":\"not a form\"}");
    return origin
        .map(listed -> answer.with("Access-Control-Allow-Origin", listed))
        .orElse(answer)
        .with("Vary", "Origin");
  }

  private Answer asked(String slug, String body) {
    String session =
        Received.read(body) instanceof Received.Parameters parameters
            ? parameters.first("session")
            : null;
    if (session == null) {
      return json(400, "{\"error\":\"session is missing\"}");
    }
    try {
      Optional<SessionStatus> status =
          ports.sessions().status(SessionId.of(Secret.of(session)), clock.instant());
      return status.isPresent() && status.get().key().integration().equals(slug)
          ? json(status.get())
          : json(404, "{\"status\":\"unknown\"}");
    } catch (UnavailableException e) {
      LOG.warn("{}: how far a session has come cannot be said: {}", slug, e.getMessage());
      return json(503, "{\"error\":\"try again\"}").with("Retry-After", "2");
    }
  }

  /** Nothing in it needs escaping: keys and ids have few characters, and so has a reason's code. */
  private static Answer json(SessionStatus status) {
    StringBuilder json = new StringBuilder("{\"status\":\"").append(status.state().text());
    json.append("\",\"connection\":\"").append(status.key());
    Reason reason = status.reason();
    if (reason != null) {
      json.append("\",\"reason\":\"").append(OutcomeEndpoint.code(reason));
    }
    if (status.authorization() != null) {
      json.append("\",\"authorization\":\"").append(status.authorization());
    }
    return json(200, json.append("\",\"usable\":").append(status.usable()).append('}').toString());
  }

  private static Answer json(int status, String json) {
    return new Answer(status, json, Map.of("Content-Type", "application/json"));
  }
}
