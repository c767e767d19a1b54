package dev.perennial.app.admin;

import static dev.perennial.app.access.Scope.ADMIN;
import static dev.perennial.app.access.Scope.CONNECTIONS_READ;
import static dev.perennial.app.access.Scope.CONNECTIONS_WRITE;
import static dev.perennial.app.access.Scope.CREDENTIALS_READ;

import dev.perennial.app.access.Callers;
import dev.perennial.app.audit.Action;
import dev.perennial.app.audit.AuditTrail;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The routes of the admin listener: everything under {@code /v1} and the metrics for callers with
 * the scope, health and the contract for everybody. Answers every path; errors are problem
 * documents (RFC 9457). Thread-safe.
 */
public final class AdminRoutes implements HttpService {
  private static final String CONNECT_SESSION = "/v1/connect-sessions/{id}";
  private static final String CONNECTION = "/v1/connections/{integration}/{connection}";

  private final Callers callers;
  private final AuditTrail audit;
  private final OpenApi document = new OpenApi();
  private final List<Route> health;
  private final ConnectSessionEndpoint sessions;
  private final Waiting waiting;
  private final ConnectionEndpoint connections;
  private final CredentialEndpoint credentials;
  private final BatchEndpoint batch;
  private final ImportEndpoint imports;
  private final ExportEndpoint export;
  private final AdminCalls calls;

  /**
   * @param clock for the time of events and for what is left of a token
   * @param nanoTime for how long a request waits
   * @param random unpredictable: a {@link java.security.SecureRandom}
   * @param metrics in Prometheus's text format
   */
  public AdminRoutes(
      AdminPorts ports,
      AdminSettings settings,
      Callers callers,
      Readiness readiness,
      Supplier<String> metrics,
      InstantSource clock,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.callers = callers;
    this.audit = ports.audit();
    this.health = HealthRoutes.of(readiness, metrics);
    this.sessions = new ConnectSessionEndpoint(ports, settings, clock, random);
    this.waiting = new Waiting(settings.refreshPoll(), nanoTime);
    this.connections = new ConnectionEndpoint(ports, waiting, clock);
    this.credentials = new CredentialEndpoint(ports, settings, connections, waiting, clock);
    this.batch = new BatchEndpoint(ports, settings, connections, credentials, waiting);
    this.imports = new ImportEndpoint(ports, connections, clock);
    this.export = new ExportEndpoint(ports);
    this.calls = new AdminCalls(ports, connections, sessions);
  }

  /** For a process without the admin API: health and metrics alone. */
  public static HttpService healthOnly(
      Callers callers, Readiness readiness, Supplier<String> metrics, AuditTrail audit) {
    return new RouteTable(
        HealthRoutes.of(readiness, metrics),
        callers,
        audit,
        " is not answered by this process, but health and metrics alone; the admin API is with"
            + " the role credentials.");
  }

  /** The same for callers within this process. */
  public AdminCalls calls() {
    return calls;
  }

  /** Requests that wait are answered at once, now and later: the process stops. */
  public void stopWaiting() {
    waiting.stop();
  }

  /** Every route there is. */
  List<Route> routes() {
    return Stream.concat(health.stream(), api().stream()).toList();
  }

  private List<Route> api() {
    return List.of(
        Route.open("/openapi.json", (_, _) -> document.show()),
        Route.post(
                "/v1/connect-sessions",
                CONNECTIONS_WRITE,
                (it, caller) -> sessions.create(Requests.body(it), caller))
            .audited(Action.CONNECT_SESSION_CREATE),
        Route.get(
            CONNECT_SESSION,
            CONNECTIONS_READ,
            (it, caller) -> sessions.show(it.path().pathParameters().get("id"), caller)),
        Route.get(
            "/v1/connections",
            CONNECTIONS_READ,
            (it, caller) ->
                connections.list(Requests.query(it, ConnectionEndpoint.LIST_PARAMETERS), caller)),
        Route.get(
            CONNECTION,
            CONNECTIONS_READ,
            (it, _) ->
                connections.show(
                    Requests.connection(it),
                    Known.of(it, Requests.query(it, ConnectionEndpoint.SHOW_PARAMETERS)))),
        Route.put(CONNECTION, CONNECTIONS_WRITE, (it, _) -> imports.put(it))
            .audited(Action.CONNECTION_IMPORT),
        Route.delete(
                CONNECTION,
                CONNECTIONS_WRITE,
                (it, _) -> connections.delete(Requests.connection(it)))
            .audited(Action.CONNECTION_DELETE),
        Route.get(
                CONNECTION + "/credentials",
                CREDENTIALS_READ,
                (it, _) -> {
                  Query query = Requests.query(it, CredentialEndpoint.PARAMETERS);
                  return credentials.show(Requests.connection(it), query, Known.of(it, query));
                })
            .audited(Action.CREDENTIAL_READ),
        Route.post(
                "/v1/credentials/batch",
                CREDENTIALS_READ,
                (it, caller) -> batch.read(Requests.body(it, BatchEndpoint.LONGEST_BODY), caller))
            .audited(Action.CREDENTIAL_READ),
        Route.post(
                "/v1/import",
                CONNECTIONS_WRITE,
                (it, caller) ->
                    imports.lines(it, Requests.query(it, ImportEndpoint.PARAMETERS), caller))
            .audited(Action.CONNECTIONS_IMPORT),
        Route.get(
                "/v1/export",
                ADMIN,
                (it, caller) ->
                    export.export(Requests.query(it, ExportEndpoint.PARAMETERS), caller))
            .audited(Action.CONNECTIONS_EXPORT),
        Route.post(
                CONNECTION + "/refresh",
                CONNECTIONS_WRITE,
                (it, _) -> connections.refresh(Requests.connection(it)))
            .audited(Action.CONNECTION_REFRESH));
  }

  @Override
  public void routing(HttpRules rules) {
    new RouteTable(routes(), callers, audit, " is no path of the admin API.").routing(rules);
  }
}
