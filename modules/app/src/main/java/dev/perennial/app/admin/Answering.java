package dev.perennial.app.admin;

import dev.perennial.domain.UnavailableException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Objects;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between the server and the endpoints: who may ask, what becomes of a failure. Thread-safe. */
final class Answering {
  private static final Logger LOG = LoggerFactory.getLogger(Answering.class);

  private final AdminKey key;

  Answering(AdminKey key) {
    this.key = key;
  }

  /** For whoever shows the key. */
  Handler guarded(Function<ServerRequest, Answer> answer) {
    return open(request ->
        key.accepts(request.headers().first(HeaderNames.AUTHORIZATION))
            ? answer.apply(request)
            : unauthorized(request));
  }

  private static Answer unauthorized(ServerRequest request) {
    boolean shown = request.headers().contains(HeaderNames.AUTHORIZATION);
    return Answer.problem(
            Problem.of(
                401,
                "unauthorized",
                "The admin token is needed",
                shown
                    ? "This is not the admin token (admin.token)."
                    : "Send the header Authorization: Bearer with the admin token (admin.token)."))
        .with(
            "WWW-Authenticate",
            "Bearer realm=\"perennial\"" + (shown ? ", error=\"invalid_token\"" : ""));
  }

  static Handler open(Function<ServerRequest, Answer> answer) {
    return (request, response) -> write(request, answered(request, answer), response);
  }

  private static Answer answered(ServerRequest request, Function<ServerRequest, Answer> answer) {
    try {
      return answer.apply(request);
    } catch (Refusal e) {
      return Answer.problem(e.problem());
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
    if (answer.body().length == 0 || request.prologue().method().equals(Method.HEAD)) {
      response.send();
    } else {
      response.send(answer.body());
    }
  }

  static Answer notAllowed(String allowed) {
    return Answer.problem(
            Problem.of(
                405, "method-not-allowed", "Not this method", "This path takes " + allowed + "."))
        .with("Allow", allowed);
  }
}
