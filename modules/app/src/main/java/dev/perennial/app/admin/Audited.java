package dev.perennial.app.admin;

import dev.perennial.app.access.Caller;
import dev.perennial.app.audit.Act;
import dev.perennial.app.audit.Action;
import dev.perennial.app.audit.AuditTrail;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetSocketAddress;
import java.util.List;

/** One request on its way into the audit trail. Not thread-safe. */
final class Audited {
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /** Of an id of a connection. */
  private static final int MAX_NAME = 128;

  private final AuditTrail trail;
  private final Action action;
  private final ServerRequest request;
  private Caller caller = Caller.ANYBODY;

  Audited(AuditTrail trail, Action action, ServerRequest request) {
    this.trail = trail;
    this.action = action;
    this.request = request;
  }

  /** Who it is, now that it is known. */
  Caller by(Caller known) {
    caller = known;
    return known;
  }

  /** What is known before a body is written. */
  void answered(Answer answer) {
    if (answer.told().counted() == null) {
      objects(answer).forEach(object -> tell(answer, object, 1));
    }
  }

  /** What is known only when it was, wholly or not. */
  void written(Answer answer) {
    if (answer.told().counted() != null) {
      tell(answer, "", answer.told().counted().getAsLong());
    }
  }

  private List<String> objects(Answer answer) {
    if (!answer.told().objects().isEmpty()) {
      return answer.told().objects();
    }
    boolean nothingRead = action == Action.CREDENTIAL_READ && inPath().isEmpty();
    return nothingRead && answer.status() < BAD_REQUEST ? List.of() : List.of(inPath());
  }

  private String inPath() {
    String integration = parameter("integration");
    String connection = parameter("connection");
    return connection.isEmpty() ? integration : integration + "/" + connection;
  }

  /** As it was asked for, if it could be a name at all. */
  private String parameter(String name) {
    String value = request.path().pathParameters().first(name).orElse("");
    String printable = value.replaceAll("[^\\x21-\\x7e]", "?");
    return printable.substring(0, Math.min(printable.length(), MAX_NAME));
  }

  private void tell(Answer answer, String object, long count) {
    Act act = Act.by(caller, action, address(request)).on(object).times(count);
    if (answer.status() == UNAUTHORIZED || answer.status() == FORBIDDEN) {
      trail.tell(act.denied(answer.told().problem()));
    } else if (answer.status() >= BAD_REQUEST) {
      trail.tell(act.failed(answer.told().problem()));
    } else if (answer.status() < 300) {
      trail.tell(act);
    }
  }

  /** Of the peer, as it is seen: what a header claims is not believed. */
  private static String address(ServerRequest request) {
    return request.remotePeer().address() instanceof InetSocketAddress peer
            && peer.getAddress() != null
        ? peer.getAddress().getHostAddress()
        : request.remotePeer().host();
  }
}
