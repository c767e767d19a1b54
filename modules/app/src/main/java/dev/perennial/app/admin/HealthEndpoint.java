package dev.perennial.app.admin;

import dev.perennial.app.admin.Readiness.Check;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For whoever starts and stops us: open, and without anything secret. */
final class HealthEndpoint {
  private final Readiness readiness;

  HealthEndpoint(Readiness readiness) {
    this.readiness = readiness;
  }

  /** We answer, hence we live; nothing outside this process counts. */
  Answer live() {
    return Answer.json(200, Map.of("status", "up"));
  }

  /** 200 where every check is well, else 503 with what is not. */
  Answer ready() {
    List<Check> checks = readiness.checks();
    boolean ready = checks.stream().allMatch(Check::ready);
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("status", ready ? "up" : "down");
    document.put("checks", checks.stream().map(HealthEndpoint::json).toList());
    return Answer.json(ready ? 200 : 503, document);
  }

  private static Map<String, @Nullable Object> json(Check check) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("name", check.name());
    document.put("status", check.ready() ? "up" : "down");
    if (!check.detail().isEmpty()) {
      document.put("detail", check.detail());
    }
    return document;
  }
}
