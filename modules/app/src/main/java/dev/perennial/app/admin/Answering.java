package dev.perennial.app.admin;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Callers;
import dev.perennial.app.access.Scope;
import dev.perennial.app.audit.Action;
import dev.perennial.app.audit.AuditTrail;
import dev.perennial.domain.UnavailableException;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between the server and the endpoints: who may ask, what becomes of a failure. Thread-safe. */
final class Answering {
  private static final Logger LOG = LoggerFactory.getLogger(Answering.class);

  private final Access access;
  private final AuditTrail audit;

  Answering(Callers callers, AuditTrail audit) {
    this.access = new Access(callers);
    this.audit = audit;
  }

  /** For callers that have the route's scope and see its integration. */
  Handler answer(Route route) {
    Scope scope = route.scope();
    return scope == null
        ? open(route.handler())
        : known(
            route.action(),
            (request, caller) -> {
              Access.check(caller, scope);
              request
                  .path()
                  .pathParameters()
                  .first("integration")
                  .asOptional()
                  .ifPresent(it -> Access.check(caller, it));
              return route.handler().answer(request, caller);
            });
  }

  /** For whoever is known, whatever their scopes. */
  Handler known(Route.Handler handler) {
    return known(Action.REQUEST, handler);
  }

  private Handler known(Action action, Route.Handler handler) {
    return (request, response) -> {
      Audited audited = new Audited(audit, action, request);
      Answer answer =
          answered(request, (it, _) -> handler.answer(it, audited.by(access.caller(it))));
      audited.answered(answer);
      try {
        write(request, answer, response);
      } finally {
        audited.written(answer);
      }
    };
  }

  /** For everybody. */
  static Handler open(Route.Handler handler) {
    return (request, response) -> write(request, answered(request, handler), response);
  }

  private static Answer answered(ServerRequest request, Route.Handler handler) {
    try {
      return handler.answer(request, Caller.ANYBODY);
    } catch (Refusal e) {
      return e.answer();
    } catch (UnavailableException e) {
      LOG.warn("{} {}: {}", method(request), request.path().rawPath(), e.getMessage());
      return unavailable(e).with("Retry-After", "2");
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", method(request), request.path().rawPath(), e);
      return Answer.problem(
          Problem.of(500, "internal", "A fault of ours", "The log of this process says more."));
    }
  }

  private static Answer unavailable(UnavailableException e) {
    return Answer.problem(
        Problem.of(
            503,
            "unavailable",
            "Something we stand on does not answer",
            Objects.toString(e.getMessage(), "") + " Ask again."));
  }

  private static String method(ServerRequest request) {
    return request.prologue().method().text();
  }

  private static void write(ServerRequest request, Answer answer, ServerResponse response) {
    response.status(answer.status());
    answer.headers().forEach(response::header);
    if (answer.stream() != null && !request.prologue().method().equals(Method.HEAD)) {
      stream(request, answer.stream(), response);
    } else if (request.prologue().method().equals(Method.HEAD)) {
      response.contentLength(answer.body().length);
      response.send();
    } else if (answer.body().length == 0) {
      response.send();
    } else {
      response.send(answer.body());
    }
  }

  /** Where it fails the connection is closed before the end of the body. */
  private static void stream(ServerRequest request, Answer.Body body, ServerResponse response) {
    OutputStream out = response.outputStream();
    try {
      body.write(out);
      out.close();
    } catch (IOException e) { // the other side has gone
      throw new CloseConnectionException("nobody reads on", e);
    } catch (RuntimeException e) {
      LOG.warn(
          "{} {} was cut short: {}",
          method(request),
          request.path().rawPath(),
          e instanceof UnavailableException ? e.getMessage() : e.getClass().getSimpleName());
      throw new CloseConnectionException("a body that was cut short", e);
    }
  }

  static Answer notAllowed(String allowed) {
    return Answer.problem(
            Problem.of(
                405, "method-not-allowed", "Not this method", "This path takes " + allowed + "."))
        .with("Allow", allowed);
  }
}
