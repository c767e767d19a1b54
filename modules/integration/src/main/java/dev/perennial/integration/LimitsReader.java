package dev.perennial.integration;

import dev.perennial.domain.definition.RateLimit;
import dev.perennial.integration.document.Json;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code limits}: how many token requests a provider takes. */
final class LimitsReader {
  private static final String CONNECTION = "connection";

  private LimitsReader() {}

  /** Empty where it is not whole, which the schema has told. */
  static Optional<RateLimit> read(Json.Obj limits) {
    Fields fields = new Fields(limits);
    Optional<Integer> requests =
        fields.number("requests").flatMap(Json.Num::whole).filter(most -> most > 0);
    Optional<Duration> window =
        fields
            .text("window")
            .flatMap(text -> Durations.read(text.text()))
            .filter(Duration::isPositive);
    Optional<Boolean> perConnection =
        fields.text("per").map(text -> text.text().equals(CONNECTION));
    return requests.flatMap(most ->
        window.flatMap(
            span -> perConnection.map(connection -> new RateLimit(most, span, connection))));
  }
}
