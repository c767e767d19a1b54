package dev.perennial.stream;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Pieces of work as spans of W3C traces, handed on by headers: {@code traceparent} and {@code
 * tracestate}, which Kafka's instrumentations read, and the same as attributes of CloudEvents'
 * distributed tracing extension, {@code ce_traceparent} and {@code ce_tracestate}. While a piece of
 * work runs its trace's id stands in the logging context as {@code trace_id}. Thread-safe.
 */
public final class Tracing {

  /** No spans and no headers. */
  public static final Tracing NONE = new Tracing(TracerProvider.noop(), TextMapPropagator.noop());

  private static final String CLOUD_EVENTS = "ce_";
  private static final String TRACE_ID = "trace_id";

  private final Tracer tracer;
  private final TextMapPropagator propagator;

  /**
   * @param propagator W3C trace context
   */
  public Tracing(TracerProvider tracers, TextMapPropagator propagator) {
    this.tracer = tracers.get("dev.perennial");
    this.propagator = propagator;
  }

  /** Does the work as a trace of its own, whatever this thread was doing. */
  public void begin(String name, SpanKind kind, Runnable work) {
    run(Context.root(), name, kind, work);
  }

  /**
   * Does the work as part of the trace that the headers name; as a trace of its own where they name
   * none. The plain headers count before those of CloudEvents: whoever relays a record may have
   * written them anew.
   */
  public void resume(Map<String, String> headers, String name, SpanKind kind, Runnable work) {
    run(propagator.extract(Context.root(), headers, Headers.of(headers)), name, kind, work);
  }

  private void run(Context parent, String name, SpanKind kind, Runnable work) {
    Span span = tracer.spanBuilder(name).setParent(parent).setSpanKind(kind).startSpan();
    try (Scope _ = span.makeCurrent();
        MDC.MDCCloseable _ = logged(span.getSpanContext())) {
      work.run();
    } catch (RuntimeException e) {
      span.setStatus(StatusCode.ERROR, e.getClass().getSimpleName());
      throw e;
    } finally {
      span.end();
    }
  }

  private static MDC.@Nullable MDCCloseable logged(SpanContext context) {
    return context.isValid() ? MDC.putCloseable(TRACE_ID, context.getTraceId()) : null;
  }

  /** The headers of a record that this thread writes now: a span of its own in the same trace. */
  Map<String, String> written(String topic) {
    Span span = tracer.spanBuilder("create " + topic).setSpanKind(SpanKind.PRODUCER).startSpan();
    span.end();
    Map<String, String> headers = new HashMap<>();
    propagator.inject(
        Context.current().with(span),
        headers,
        (to, name, value) -> {
          if (to != null) {
            to.put(name, value);
            to.put(CLOUD_EVENTS + name, value);
          }
        });
    return headers;
  }

  /** Reads one of the two sets. */
  private record Headers(String prefix) implements TextMapGetter<Map<String, String>> {
    static Headers of(Map<String, String> headers) {
      return new Headers(headers.containsKey("traceparent") ? "" : CLOUD_EVENTS);
    }

    @Override
    public Iterable<String> keys(Map<String, String> carrier) {
      return carrier.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
      return carrier == null ? null : carrier.get(prefix + key);
    }
  }
}
