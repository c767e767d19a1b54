package dev.perennial.stream;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Traces of the real SDK, and the spans that ended. */
final class TestTraces implements SpanProcessor {
  private final List<ReadableSpan> ended = new CopyOnWriteArrayList<>();

  Tracing tracing() {
    return new Tracing(
        SdkTracerProvider.builder().addSpanProcessor(this).build(),
        W3CTraceContextPropagator.getInstance());
  }

  List<ReadableSpan> ended() {
    return ended;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    ended.add(span);
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }
}
