package dev.perennial.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.metric.AdminRequests;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Every route has a value of its own in the metric of requests. */
class MeasuredRoutesTest {
  @Test
  void everyRouteIsMeasuredUnderItsTemplate() {
    try (AdminServer server = new AdminServer(Duration.ofSeconds(1))) {
      for (Route route : server.routes.routes()) {
        String label = AdminRequests.route(route.path());
        assertThat(label).isIn(route.path(), "/console");
        assertThat(label.equals("/console")).isEqualTo(route.path().startsWith("/console"));
      }
    }
  }
}
