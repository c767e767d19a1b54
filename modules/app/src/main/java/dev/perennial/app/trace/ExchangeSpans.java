package dev.perennial.app.trace;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.exchanger.ExchangeListener;
import dev.perennial.exchanger.Outcome;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;

/**
 * Token requests as spans, and on the span of the event whom it is about and how it ended. No
 * address, header or body of a request is in any. Thread-safe.
 */
final class ExchangeSpans implements ExchangeListener {
  private static final AttributeKey<String> INTEGRATION =
      AttributeKey.stringKey("perennial.integration");
  private static final AttributeKey<String> CONNECTION =
      AttributeKey.stringKey("perennial.connection");
  private static final AttributeKey<String> PURPOSE = AttributeKey.stringKey("perennial.purpose");
  private static final AttributeKey<String> RESULT = AttributeKey.stringKey("perennial.result");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("perennial.outcome");

  private final PastSpans spans;

  ExchangeSpans(PastSpans spans) {
    this.spans = spans;
  }

  @Override
  public void asked(Work work, ConnectionKey key, String result, Duration took) {
    spans.add(
        () -> "token request",
        took.toNanos(),
        result.equals("granted"),
        () ->
            Attributes.of(
                INTEGRATION,
                key.integration(),
                CONNECTION,
                key.connection(),
                PURPOSE,
                work.text(),
                RESULT,
                result));
  }

  @Override
  public void handled(Work work, ConnectionKey key, Outcome outcome, Duration took) {
    Span.current()
        .setAttribute(INTEGRATION, key.integration())
        .setAttribute(CONNECTION, key.connection())
        .setAttribute(OUTCOME, outcome.text());
  }
}
