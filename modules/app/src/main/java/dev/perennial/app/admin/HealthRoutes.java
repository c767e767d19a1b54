package dev.perennial.app.admin;

import dev.perennial.app.access.Scope;
import java.util.List;
import java.util.function.Supplier;

/** Health for everybody, and metrics. */
final class HealthRoutes {
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private HealthRoutes() {}

  static List<Route> of(Readiness readiness, Supplier<String> metrics) {
    HealthEndpoint health = new HealthEndpoint(readiness);
    return List.of(
        Route.open("/health/live", (_, _) -> health.live()),
        Route.open("/health/ready", (_, _) -> health.ready()),
        Route.get(
            "/metrics", Scope.METRICS_READ, (_, _) -> Answer.text(METRICS_TYPE, metrics.get())));
  }
}
