package dev.perennial.app.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminRequestsTest {
  @ParameterizedTest
  @CsvSource({
    "/health/ready, /health/ready",
    "/v1/connections, /v1/connections",
    "/v1/connections/google/acme, /v1/connections/{integration}/{connection}",
    "/v1/connections/google/acme/refresh, /v1/connections/{integration}/{connection}/refresh",
    "/v1/connections/google/acme/nothing, other",
    "/v1/connections/google, other",
    "/v1/connect-sessions/abc, /v1/connect-sessions/{id}",
    "/console, /console",
    "/console/connections/google/acme, /console",
    "/consoles, other",
    "/, other",
    "/a/b/c/d/e/f/g/h/i/j, other"
  })
  void aPathBelongsToOneRoute(String path, String route) {
    assertThat(AdminRequests.route(path)).isEqualTo(route);
  }

  @Test
  void aPathOfAnyLengthIsOther() {
    assertThat(AdminRequests.route("/x".repeat(10_000))).isEqualTo("other");
  }
}
