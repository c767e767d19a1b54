package dev.perennial.app.trace;

import dev.perennial.stream.Tracing;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;

/**
 * The OpenTelemetry SDK of this process: it makes ids and spans and exports none. A caller's
 * decision not to sample is kept. Not the global one, so that several nodes may share a JVM.
 */
public final class Telemetry implements AutoCloseable {
  private final SdkTracerProvider spans =
      SdkTracerProvider.builder().addSpanProcessor(new Forget()).build();

  /** For everything that begins, continues or hands on traces. */
  public Tracing tracing() {
    return new Tracing(spans, W3CTraceContextPropagator.getInstance());
  }

  @Override
  public void close() {
    spans.close();
  }

  /** Without any processor the SDK makes no ids. */
  private static final class Forget implements SpanProcessor {
    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
      return false;
    }
  }
}
