package dev.perennial.app.console;

import static dev.perennial.app.audit.Action.CONNECTION_DELETE;
import static dev.perennial.app.audit.Action.CONNECTION_REFRESH;
import static dev.perennial.app.audit.Action.CONNECT_SESSION_CREATE;
import static dev.perennial.app.audit.Action.CONSOLE_SIGN_OUT;

import dev.perennial.app.access.Scope;
import dev.perennial.app.audit.Act;
import dev.perennial.app.audit.Action;
import dev.perennial.app.audit.AuditTrail;
import dev.perennial.app.console.page.Assets;
import dev.perennial.app.console.session.Session;
import dev.perennial.app.console.session.Sessions;
import dev.perennial.app.console.session.SignInLimit;
import dev.perennial.domain.UnavailableException;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything under {@code /console}: pages for whoever is signed in with the scope {@code
 * connections:read}, actions for those with {@code connections:write} whose form is ours.
 * Thread-safe.
 */
public final class ConsoleRoutes implements HttpService {
  /** Where it begins. */
  public static final String PATH = "/console";

  /** Why a form was refused that no page of ours sent; part of docs/audit.md. */
  static final String FOREIGN_FORM = "foreign_form";

  private static final Logger LOG = LoggerFactory.getLogger(ConsoleRoutes.class);
  private static final String CONNECTION = PATH + "/connections/{integration}/{connection}";

  /**
   * Nothing but what this origin serves; no markup is made from text by a script (Trusted Types).
   */
  private static final Map<String, String> SECURITY =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src"
              + " 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none';"
              + " require-trusted-types-for 'script'; trusted-types 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), microphone=(), geolocation=(), clipboard-write=(self)");

  private final Assets assets = new Assets();
  private final Pages pages = new Pages(assets);
  private final Doorman doorman;
  private final SignIn signIn;
  private final OverviewPage overview;
  private final ConnectionsPage connections;
  private final ConnectionPage connection;
  private final ConnectionActions actions;
  private final IntegrationsPage integrations;
  private final ActivityPage activity;
  private final ChangeStream stream;
  private final AuditTrail audit;

  public ConsoleRoutes(ConsolePorts ports) {
    Sessions sessions = new Sessions(ports.callers(), ports.clock(), ports.random());
    Notices notices = new Notices();
    this.doorman = new Doorman(sessions);
    this.audit = ports.audit();
    this.signIn =
        new SignIn(pages, sessions, doorman, new SignInLimit(ports.nanoTime()), ports.audit());
    this.overview = new OverviewPage(pages, ports);
    this.connections = new ConnectionsPage(pages, ports);
    this.actions = new ConnectionActions(pages, ports, notices);
    this.integrations = new IntegrationsPage(pages, ports);
    this.stream = new ChangeStream(ports.memory().changes(), doorman, ports.clock().instant());
    this.connection = new ConnectionPage(pages, ports, notices, stream);
    this.activity = new ActivityPage(pages, ports, stream);
  }

  /** One thing that can be asked for. */
  private record Route(Method method, String path, Handler handler) {}

  /** Answers a request. */
  @FunctionalInterface
  private interface Handler {
    Reply answer(ServerRequest request);
  }

  /** Answers a request of somebody who is signed in. */
  @FunctionalInterface
  private interface Page {
    Reply show(ServerRequest request, Session session);
  }

  /** Answers a form of somebody who is signed in. */
  @FunctionalInterface
  private interface Deed {
    Reply run(ServerRequest request, Session session, Form form);
  }

  private List<Route> routes() {
    return List.of(
        page(PATH, overview::show),
        page(PATH + "/connections", connections::show),
        page(CONNECTION, connection::show),
        page(PATH + "/integrations", integrations::show),
        page(PATH + "/activity", activity::show),
        page(ChangeStream.PATH, stream::follow),
        action(CONNECTION + "/refresh", CONNECTION_REFRESH, actions::refresh),
        action(CONNECTION + "/reconnect", CONNECT_SESSION_CREATE, actions::reconnect),
        action(CONNECTION + "/delete", CONNECTION_DELETE, actions::delete),
        new Route(Method.GET, PATH + "/sign-in", signIn::show),
        new Route(Method.POST, PATH + "/sign-in", signIn::take),
        action(PATH + "/sign-out", CONSOLE_SIGN_OUT, signIn::leave),
        new Route(Method.GET, Assets.PATH + "{name}", this::asset));
  }

  private Route page(String path, Page page) {
    return new Route(Method.GET, path, request -> page.show(request, session(request)));
  }

  /** Behind the cookie, the origin and the token. */
  private Route action(String path, Action action, Deed deed) {
    return new Route(
        Method.POST,
        path,
        request -> {
          Session session = session(request);
          Form form = Form.of(request);
          if (!Doorman.isFromOurPage(request) || !Doorman.isOwnForm(session, form)) {
            refused(request, session, action);
            throw new Turned(
                pages.problem(
                    403,
                    "This did not come from a page of the console",
                    "Nothing was done. Go back, load the page anew, and do it there."));
          }
          return deed.run(request, session, form);
        });
  }

  /** Somebody may have led the browser of whoever is signed in. */
  private void refused(ServerRequest request, Session session, Action action) {
    String object =
        request.path().pathParameters().first("connection").isPresent()
            ? ConnectionPage.key(pages, request).toString()
            : "";
    audit.tell(
        Act.by(session.caller(), action, Doorman.address(request)).on(object).denied(FOREIGN_FORM));
  }

  /** Whoever asks, where they may look; else they are led to sign in. */
  private Session session(ServerRequest request) {
    Session session = doorman.session(request).orElseThrow(() -> new Turned(away(request)));
    if (!session.caller().has(Scope.CONNECTIONS_READ)) {
      throw new Turned(
          pages.problem(
              403,
              "Your key may not look here",
              "The console needs the scope connections:read. Sign in with another key."));
    }
    return session;
  }

  private static Reply away(ServerRequest request) {
    if (!Doorman.isByPerson(request)) {
      return Reply.plain(401, "Sign in.\n");
    }
    boolean page = request.prologue().method().equals(Method.GET);
    String query = request.query().rawValue();
    String back = request.path().rawPath() + (query.isEmpty() ? "" : "?" + query);
    return Reply.see(
        PATH
            + "/sign-in"
            + (page && !back.equals(PATH)
                ? "?then=" + URLEncoder.encode(back, StandardCharsets.UTF_8)
                : ""));
  }

  private Reply asset(ServerRequest request) {
    Optional<Assets.Asset> asset = assets.find(request.path().pathParameters().get("name"));
    return asset.isPresent()
        ? Reply.asset(asset.get().type(), asset.get().content())
        : Reply.plain(404, "There is no such file.\n");
  }

  @Override
  public void routing(HttpRules rules) {
    List<Route> routes = routes();
    for (Route route : routes) {
      rules.route(route.method(), route.path(), (in, out) -> write(in, answered(in, route), out));
      if (route.method().equals(Method.GET)) {
        rules.route(Method.HEAD, route.path(), (in, out) -> write(in, answered(in, route), out));
      }
    }
    for (String path : routes.stream().map(Route::path).distinct().toList()) {
      rules.any(path, (in, out) -> write(in, notAllowed(routes, path), out));
    }
    rules.any(PATH + "/*", (in, out) -> write(in, answered(in, notFound()), out));
  }

  private static Reply notAllowed(List<Route> routes, String path) {
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      if (route.path().equals(path)) {
        allowed.add(route.method().text());
        if (route.method().equals(Method.GET)) {
          allowed.add(Method.HEAD.text());
        }
      }
    }
    String text = String.join(", ", allowed);
    return Reply.plain(405, "This path takes " + text + ".\n").with("Allow", text);
  }

  private Route notFound() {
    return page(
        PATH,
        (_, _) -> pages.problem(404, "There is no such page", "The menu leads to all there are."));
  }

  private Reply answered(ServerRequest request, Route route) {
    try {
      return route.handler().answer(request);
    } catch (Turned e) {
      return e.reply();
    } catch (UnavailableException e) {
      LOG.warn("{} {}: {}", route.method().text(), request.path().rawPath(), e.getMessage());
      return pages.problem(
          503, "Something we stand on does not answer", e.getMessage() + " Load the page again.");
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", route.method().text(), request.path().rawPath(), e);
      return pages.problem(500, "A fault of ours", "The log of this process says more.");
    }
  }

  private static void write(ServerRequest request, Reply reply, ServerResponse response) {
    response.status(reply.status());
    SECURITY.forEach(response::header);
    reply.headers().forEach(response::header);
    boolean head = request.prologue().method().equals(Method.HEAD);
    Reply.Stream stream = reply.stream();
    if (head) {
      response.contentLength(reply.bytes().length);
      response.send();
    } else if (stream != null) {
      stream(stream, response);
    } else {
      response.send(reply.bytes());
    }
  }

  private static void stream(Reply.Stream stream, ServerResponse response) {
    try (OutputStream out = response.outputStream()) {
      stream.write(out);
    } catch (IOException e) { // the other side has gone
      throw new CloseConnectionException("nobody reads on", e);
    }
  }
}
