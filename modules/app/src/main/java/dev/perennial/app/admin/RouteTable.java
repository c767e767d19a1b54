package dev.perennial.app.admin;

import dev.perennial.app.access.Callers;
import dev.perennial.app.audit.AuditTrail;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.List;
import java.util.TreeSet;

/**
 * Serves routes: HEAD like GET, other methods of their paths with 405, other paths with 404.
 * Thread-safe.
 */
final class RouteTable implements HttpService {
  private final List<Route> routes;
  private final Answering answering;
  private final String otherPaths;

  /**
   * @param otherPaths what a path without a route is told
   */
  RouteTable(List<Route> routes, Callers callers, AuditTrail audit, String otherPaths) {
    this.routes = List.copyOf(routes);
    this.answering = new Answering(callers, audit);
    this.otherPaths = otherPaths;
  }

  @Override
  public void routing(HttpRules rules) {
    for (Route route : routes) {
      for (Method method : served(route)) {
        rules.route(method, route.path(), answering.answer(route));
      }
    }
    for (String path : routes.stream().map(Route::path).distinct().toList()) {
      rules.any(path, notAllowed(path));
    }
    rules.any(
        answering.known((request, _) ->
            Answer.problem(
                Problem.of(
                    404,
                    "not-found",
                    "Nothing here",
                    Query.printable(request.path().path()) + otherPaths))));
  }

  private io.helidon.webserver.http.Handler notAllowed(String path) {
    List<Route> there = routes.stream().filter(route -> route.path().equals(path)).toList();
    boolean open = there.stream().allMatch(route -> route.scope() == null);
    Route.Handler refuse = (_, _) -> Answering.notAllowed(allowed(there));
    return open ? Answering.open(refuse) : answering.known(refuse);
  }

  private static String allowed(List<Route> there) {
    TreeSet<String> methods = new TreeSet<>();
    for (Route route : there) {
      for (Method method : served(route)) {
        methods.add(method.text());
      }
    }
    return String.join(", ", methods);
  }

  private static List<Method> served(Route route) {
    return route.method().equals(Method.GET)
        ? List.of(Method.GET, Method.HEAD)
        : List.of(route.method());
  }
}
