package dev.perennial.app.admin;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.List;
import java.util.function.Supplier;

/** Health for everybody, metrics for whoever shows the key, and nothing else. */
final class HealthRoutes implements HttpService {
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Answering answering;
  private final HealthEndpoint health;
  private final Supplier<String> metrics;

  HealthRoutes(AdminKey key, Readiness readiness, Supplier<String> metrics) {
    this.answering = new Answering(key);
    this.health = new HealthEndpoint(readiness);
    this.metrics = metrics;
  }

  @Override
  public void routing(HttpRules rules) {
    add(rules);
    rules.any(
        answering.guarded(_ ->
            Answer.problem(
                Problem.of(
                    404,
                    "not-found",
                    "Nothing here",
                    "This process answers health and metrics alone; the admin API is with the"
                        + " role credentials."))));
  }

  /** The routes without an answer to every other path. */
  void add(HttpRules rules) {
    rules.get("/health/live", Answering.open(_ -> health.live()));
    rules.get("/health/ready", Answering.open(_ -> health.ready()));
    rules.get("/metrics", answering.guarded(_ -> Answer.text(METRICS_TYPE, metrics.get())));
    for (String path : List.of("/health/live", "/health/ready", "/metrics")) {
      rules.any(path, Answering.open(_ -> Answering.notAllowed("GET")));
    }
  }
}
