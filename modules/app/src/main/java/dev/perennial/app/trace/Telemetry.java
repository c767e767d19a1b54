package dev.perennial.app.trace;

import dev.perennial.credentials.RedisListener;
import dev.perennial.exchanger.ExchangeListener;
import dev.perennial.stream.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The OpenTelemetry SDK of this process. It makes ids always; spans are kept and sent to a
 * collector only where one is configured, from a thread of its own with a queue of {@value #QUEUE}:
 * what does not fit is dropped, so that a collector which is slow or away holds nobody up. A
 * caller's decision to sample or not is kept. Not the global one, so that several nodes may share a
 * JVM. Thread-safe.
 */
public final class Telemetry implements AutoCloseable {
  /** How long the end of a process waits for the last spans to be sent. */
  static final Duration GOODBYE = Duration.ofSeconds(3);

  static final int QUEUE = 4096;
  private static final int BATCH = 512;
  private static final SpanLimits LIMITS =
      SpanLimits.builder().setMaxAttributeValueLength(512).build();
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final SdkTracerProvider spans;
  private final boolean kept;

  private Telemetry(Sampler roots, SpanProcessor processor, boolean kept) {
    this.spans =
        SdkTracerProvider.builder()
            .setSampler(Sampler.parentBased(roots))
            .setResource(resource())
            .setSpanLimits(LIMITS)
            .addSpanProcessor(processor)
            .build();
    this.kept = kept;
  }

  /** Hands on ids and keeps no span; nothing that begins here is sampled. No threads. */
  public static Telemetry off() {
    return new Telemetry(Sampler.alwaysOff(), new Forget(), false);
  }

  /**
   * @param collector takes OTLP over HTTP under {@code /v1/traces}; need not be there
   * @param share of the traces that begin here, 0 to 1
   */
  public static Telemetry to(URI collector, double share) {
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(collector + "/v1/traces")
            .setConnectTimeout(CONNECT)
            .setTimeout(ANSWER)
            .setRetryPolicy(null) // the next batch follows soon, and a queue that waits only drops
            .build();
    SpanProcessor batches =
        BatchSpanProcessor.builder(exporter)
            .setMaxQueueSize(QUEUE)
            .setMaxExportBatchSize(BATCH)
            .setScheduleDelay(EVERY)
            .setExporterTimeout(ANSWER)
            .build();
    return new Telemetry(Sampler.traceIdRatioBased(share), batches, true);
  }

  /** Which process sent a span; a collector knows more of where it runs than we do. */
  private static Resource resource() {
    return Resource.create(
        Attributes.of(
            AttributeKey.stringKey("service.name"),
            "perennial",
            AttributeKey.stringKey("service.instance.id"),
            UUID.randomUUID().toString()));
  }

  /** For everything that begins, continues or hands on traces. */
  public Tracing tracing() {
    return new Tracing(spans, W3CTraceContextPropagator.getInstance());
  }

  /** The listener, and scripts become spans; where none is kept, the listener itself. */
  public RedisListener redis(RedisListener listener) {
    return kept ? RedisListener.both(listener, new RedisSpans(past())) : listener;
  }

  /** The listener, and token requests become spans; where none is kept, the listener itself. */
  public ExchangeListener exchanges(ExchangeListener listener) {
    return kept ? ExchangeListener.both(listener, new ExchangeSpans(past())) : listener;
  }

  private PastSpans past() {
    return new PastSpans(spans.get("dev.perennial"));
  }

  /** Sends what is waiting, for {@link #GOODBYE} at most. */
  @Override
  public void close() {
    spans.shutdown().join(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
