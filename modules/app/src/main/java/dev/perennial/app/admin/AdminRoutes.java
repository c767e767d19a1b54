package dev.perennial.app.admin;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of the admin listener: everything under {@code /v1} and the metrics for whoever shows
 * the {@link AdminKey}, health for everybody. Answers every path; errors are problem documents (RFC
 * 9457). Thread-safe.
 */
public final class AdminRoutes implements HttpService {
  private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);
  private static final int MAX_BODY = 64 << 10;
  private static final String CONNECTION = "/v1/connections/{integration}/{connection}";
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final AdminKey key;
  private final HealthEndpoint health;
  private final ConnectSessionEndpoint sessions;
  private final ConnectionEndpoint connections;
  private final CredentialEndpoint credentials;
  private final Supplier<String> metrics;

  /**
   * @param clock for the time of events and for what is left of a token
   * @param nanoTime for how long a request waits
   * @param random unpredictable: a {@link java.security.SecureRandom}
   * @param metrics in Prometheus's text format
   */
  public AdminRoutes(
      AdminPorts ports,
      AdminSettings settings,
      AdminKey key,
      Readiness readiness,
      Supplier<String> metrics,
      InstantSource clock,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.key = key;
    this.metrics = metrics;
    this.health = new HealthEndpoint(readiness);
    this.sessions = new ConnectSessionEndpoint(ports, settings, clock, random);
    this.connections = new ConnectionEndpoint(ports, clock);
    this.credentials = new CredentialEndpoint(ports, settings, connections, clock, nanoTime);
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/health/live", answering(_ -> health.live()));
    rules.get("/health/ready", answering(_ -> health.ready()));
    rules.get("/metrics", asking(_ -> Answer.text(METRICS_TYPE, metrics.get())));
    rules.post("/v1/connect-sessions", asking(request -> sessions.create(body(request))));
    rules.get(
        "/v1/connections",
        asking(it -> connections.list(query(it, ConnectionEndpoint.LIST_PARAMETERS))));
    rules.get(CONNECTION, asking(request -> connections.show(connection(request))));
    rules.delete(CONNECTION, asking(request -> connections.delete(connection(request))));
    rules.get(
        CONNECTION + "/credentials",
        asking(it -> credentials.show(connection(it), query(it, CredentialEndpoint.PARAMETERS))));
    rules.post(CONNECTION + "/refresh", asking(it -> connections.refresh(connection(it))));
    allowOnly(rules);
    rules.any(asking(AdminRoutes::notFound));
  }

  private void allowOnly(HttpRules rules) {
    for (String path : List.of("/health/live", "/health/ready", "/metrics", "/v1/connections")) {
      rules.any(path, asking(_ -> notAllowed("GET")));
    }
    rules.any("/v1/connect-sessions", asking(_ -> notAllowed("POST")));
    rules.any(CONNECTION, asking(_ -> notAllowed("DELETE, GET")));
    rules.any(CONNECTION + "/credentials", asking(_ -> notAllowed("GET")));
    rules.any(CONNECTION + "/refresh", asking(_ -> notAllowed("POST")));
  }

  private static Answer notAllowed(String allowed) {
    return Answer.problem(
            Problem.of(
                405, "method-not-allowed", "Not this method", "This path takes " + allowed + "."))
        .with("Allow", allowed);
  }

  private static Answer notFound(ServerRequest request) {
    return Answer.problem(
        Problem.of(
            404,
            "not-found",
            "Nothing here",
            Query.printable(request.path().path()) + " is no path of the admin API."));
  }

  /** For whoever shows the key. */
  private Handler asking(Function<ServerRequest, Answer> answer) {
    return answering(request ->
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

  private static Handler answering(Function<ServerRequest, Answer> answer) {
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

  private static ConnectionKey connection(ServerRequest request) {
    try {
      return new ConnectionKey(
          request.path().pathParameters().get("integration"),
          request.path().pathParameters().get("connection"));
    } catch (IllegalArgumentException e) {
      throw new Refusal(Problem.badRequest(Objects.toString(e.getMessage(), "")));
    }
  }

  private static Query query(ServerRequest request, Set<String> known) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : request.query().names()) {
      List<String> all = request.query().all(name, List::of);
      if (all.size() > 1) {
        throw new Refusal(
            Problem.badRequest("Parameter " + Query.printable(name) + " stands there twice."));
      }
      values.put(name, all.isEmpty() ? "" : all.getFirst());
    }
    return new Query(values, known);
  }

  private static Map<String, @Nullable Object> body(ServerRequest request) {
    boolean json =
        request
            .headers()
            .contentType()
            .filter(type -> type.mediaType().equals(MediaTypes.APPLICATION_JSON))
            .isPresent();
    if (!json) {
      throw new Refusal(
          Problem.of(
              415, "not-json", "The body must be JSON", "Send Content-Type: application/json."));
    }
    return Json.read(bytes(request));
  }

  private static byte[] bytes(ServerRequest request) {
    try (InputStream in = request.content().inputStream()) {
      byte[] bytes = in.readNBytes(MAX_BODY + 1);
      if (bytes.length > MAX_BODY) {
        throw new Refusal(
            Problem.of(
                413, "too-large", "The body is too long", "At most " + MAX_BODY + " bytes."));
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
