package dev.perennial.app.metric;

import static dev.perennial.app.metric.Metric.ADMIN_REQUEST;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.micrometer.core.instrument.DistributionSummary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Measures the requests of the admin listener by the template of their route, so that no caller can
 * make new series. Thread-safe.
 */
public final class AdminRequests implements Filter {
  private static final String OTHER = "other";

  static final String[] METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", OTHER};

  /** Those of the admin API; everything of the console together. */
  static final String[] ROUTES = {
    "/health/live",
    "/health/ready",
    "/metrics",
    "/openapi.json",
    "/v1/connect-sessions",
    "/v1/connect-sessions/{id}",
    "/v1/connections",
    "/v1/connections/{integration}/{connection}",
    "/v1/connections/{integration}/{connection}/credentials",
    "/v1/connections/{integration}/{connection}/refresh",
    "/v1/credentials/batch",
    "/v1/export",
    "/v1/import",
    "/console",
    OTHER
  };

  private static final List<String> KNOWN_METHODS = List.of(METHODS);
  private static final List<List<String>> TEMPLATES =
      Arrays.stream(ROUTES).map(AdminRequests::segments).toList();

  private final Meters meters;
  private final LongSupplier nanoTime;
  private final Map<Answered, DistributionSummary> times = new ConcurrentHashMap<>();

  private record Answered(String method, String route, int status) {}

  public AdminRequests(Meters meters, LongSupplier nanoTime) {
    this.meters = meters;
    this.nanoTime = nanoTime;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    long began = nanoTime.getAsLong();
    try {
      chain.proceed();
    } finally {
      String method = request.prologue().method().text();
      Answered answered =
          new Answered(
              KNOWN_METHODS.contains(method) ? method : OTHER,
              route(request.path().path()),
              response.status().code() / 100);
      times.computeIfAbsent(answered, this::meter).record((nanoTime.getAsLong() - began) / 1e9);
    }
  }

  private DistributionSummary meter(Answered of) {
    return meters.histogram(ADMIN_REQUEST, of.method(), of.route(), of.status() + "xx");
  }

  /** The template of the route that a path belongs to; {@code other} where there is none. */
  public static String route(String path) {
    if (path.equals("/console") || path.startsWith("/console/")) {
      return "/console";
    }
    List<String> segments = segments(path);
    for (int i = 0; i < TEMPLATES.size(); i++) {
      if (fits(TEMPLATES.get(i), segments)) {
        return ROUTES[i];
      }
    }
    return OTHER;
  }

  private static List<String> segments(String path) {
    return Arrays.asList(path.split("/", 8));
  }

  private static boolean fits(List<String> template, List<String> path) {
    if (template.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      if (!template.get(i).startsWith("{") && !template.get(i).equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }
}
