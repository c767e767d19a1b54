package dev.perennial.app.trace;

import dev.perennial.credentials.RedisListener;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;

/**
 * Runs of scripts as spans, named as OpenTelemetry's conventions for databases have it; keys and
 * arguments are in none. Thread-safe.
 */
final class RedisSpans implements RedisListener {
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
  private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("db.operation.name");
  private static final AttributeKey<String> SCRIPT =
      AttributeKey.stringKey("db.stored_procedure.name");
  private static final String EVALSHA = "EVALSHA";

  private final PastSpans spans;

  RedisSpans(PastSpans spans) {
    this.spans = spans;
  }

  @Override
  public void called(String script, long nanos, boolean answered) {
    spans.add(
        () -> EVALSHA + " " + script,
        nanos,
        answered,
        () -> Attributes.of(SYSTEM, "redis", OPERATION, EVALSHA, SCRIPT, script));
  }
}
