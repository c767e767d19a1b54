package dev.perennial.app.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Work that is over already, as spans below what this thread is doing. Outside of a span that is
 * recorded nothing is made, so what runs by itself begins no traces. Thread-safe.
 */
final class PastSpans {
  private final Tracer tracer;

  /** The SDK's own, so that these spans lie within those around them. */
  private final Clock clock = Clock.getDefault();

  PastSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  /**
   * @param name asked for only where a span is made
   * @param nanos how long it took, until now
   */
  void add(Supplier<String> name, long nanos, boolean well, Supplier<Attributes> attributes) {
    if (!Span.current().isRecording()) {
      return;
    }
    long end = clock.now();
    Span span =
        tracer
            .spanBuilder(name.get())
            .setSpanKind(SpanKind.CLIENT)
            .setAllAttributes(attributes.get())
            .setStartTimestamp(end - nanos, TimeUnit.NANOSECONDS)
            .startSpan();
    if (!well) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end(end, TimeUnit.NANOSECONDS);
  }
}
