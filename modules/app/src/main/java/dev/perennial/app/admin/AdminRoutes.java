package dev.perennial.app.admin;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The routes of the admin listener: everything under {@code /v1} and the metrics for whoever shows
 * the {@link AdminKey}, health for everybody. Answers every path; errors are problem documents (RFC
 * 9457). Thread-safe.
 */
public final class AdminRoutes implements HttpService {
  private static final String CONNECT_SESSION = "/v1/connect-sessions/{id}";
  private static final String CONNECTION = "/v1/connections/{integration}/{connection}";

  private final HealthRoutes health;
  private final Answering answering;
  private final ConnectSessionEndpoint sessions;
  private final ConnectionEndpoint connections;
  private final CredentialEndpoint credentials;

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
    this.health = new HealthRoutes(key, readiness, metrics);
    this.answering = new Answering(key);
    this.sessions = new ConnectSessionEndpoint(ports, settings, clock, random);
    this.connections = new ConnectionEndpoint(ports, clock);
    this.credentials = new CredentialEndpoint(ports, settings, connections, clock, nanoTime);
  }

  /** For a process without the admin API: health and metrics alone. */
  public static HttpService healthOnly(
      AdminKey key, Readiness readiness, Supplier<String> metrics) {
    return new HealthRoutes(key, readiness, metrics);
  }

  @Override
  public void routing(HttpRules rules) {
    health.add(rules);
    rules.post(
        "/v1/connect-sessions",
        answering.guarded(request -> sessions.create(Requests.body(request))));
    rules.get(
        CONNECT_SESSION,
        answering.guarded(it -> sessions.show(it.path().pathParameters().get("id"))));
    rules.get(
        "/v1/connections",
        answering.guarded(
            it -> connections.list(Requests.query(it, ConnectionEndpoint.LIST_PARAMETERS))));
    rules.get(CONNECTION, answering.guarded(it -> connections.show(Requests.connection(it))));
    rules.delete(CONNECTION, answering.guarded(it -> connections.delete(Requests.connection(it))));
    rules.get(
        CONNECTION + "/credentials",
        answering.guarded(it ->
            credentials.show(
                Requests.connection(it), Requests.query(it, CredentialEndpoint.PARAMETERS))));
    rules.post(
        CONNECTION + "/refresh",
        answering.guarded(it -> connections.refresh(Requests.connection(it))));
    allow(rules, "/v1/connect-sessions", "POST");
    allow(rules, CONNECT_SESSION, "GET");
    allow(rules, "/v1/connections", "GET");
    allow(rules, CONNECTION, "DELETE, GET");
    allow(rules, CONNECTION + "/credentials", "GET");
    allow(rules, CONNECTION + "/refresh", "POST");
    rules.any(answering.guarded(AdminRoutes::notFound));
  }

  private void allow(HttpRules rules, String path, String methods) {
    rules.any(path, answering.guarded(_ -> Answering.notAllowed(methods)));
  }

  private static Answer notFound(ServerRequest request) {
    return Answer.problem(
        Problem.of(
            404,
            "not-found",
            "Nothing here",
            Query.printable(request.path().path()) + " is no path of the admin API."));
  }
}
