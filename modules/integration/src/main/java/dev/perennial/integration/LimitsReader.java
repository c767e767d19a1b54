package dev.perennial.integration;

import dev.perennial.domain.definition.RateLimit;
import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code limits}: how many token requests a provider takes. */
final class LimitsReader {
  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,6}");

  private final Json.Obj limits;
  private final Problems problems;
  private final Fields fields;

  LimitsReader(Json.Obj limits, Problems problems) {
    this.limits = limits;
    this.problems = problems;
    this.fields = new Fields(limits, problems);
    Keys.LIMITS.check(limits, problems);
  }

  Optional<RateLimit> read() {
    Optional<Integer> requests = required("requests").flatMap(this::count);
    Optional<Duration> window =
        required("window")
            .flatMap(_ -> fields.text("window"))
            .flatMap(text -> Durations.readPositive(text, problems));
    Optional<Boolean> perConnection =
        required("per").flatMap(_ -> fields.text("per")).flatMap(this::perConnection);
    return requests.flatMap(most ->
        window.flatMap(
            span -> perConnection.map(connection -> new RateLimit(most, span, connection))));
  }

  private Optional<Json> required(String key) {
    Optional<Json> value = limits.get(key);
    if (value.isEmpty()) {
      fields.missing(key, "is missing: limits have requests, window and per");
    }
    return value;
  }

  private Optional<Integer> count(Json value) {
    if (value instanceof Json.Num(var _, String digits) && COUNT.matcher(digits).matches()) {
      return Optional.of(Integer.valueOf(digits));
    }
    problems.error(value.at(), "must be a whole number from 1 to 9999999");
    return Optional.empty();
  }

  private Optional<Boolean> perConnection(Json.Text text) {
    return switch (text.text()) {
      case "connection" -> Optional.of(true);
      case "integration" -> Optional.of(false);
      default -> {
        problems.error(text.at(), "must be connection or integration");
        yield Optional.empty();
      }
    };
  }
}
