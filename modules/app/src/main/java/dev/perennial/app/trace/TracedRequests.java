package dev.perennial.app.trace;

import dev.perennial.app.metric.AdminRequests;
import dev.perennial.stream.Tracing;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.util.HashMap;
import java.util.Map;

/**
 * Every request of a listener as a span. Those of browsers begin a trace of their own, whatever
 * they send; those of the admin API's callers continue the trace that they name in {@code
 * traceparent} (W3C Trace Context). Thread-safe.
 */
public final class TracedRequests implements Filter {
  /** What every vendor must be able to hand on (W3C Trace Context, section 3.3.1.5). */
  private static final int MAX_STATE = 512;

  private static final HeaderName PARENT = HeaderNames.create("traceparent");
  private static final HeaderName STATE = HeaderNames.create("tracestate");

  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");

  private final Tracing tracing;
  private final boolean trusted;

  private TracedRequests(Tracing tracing, boolean trusted) {
    this.tracing = tracing;
    this.trusted = trusted;
  }

  /** For a listener that anybody can reach. */
  public static TracedRequests ofBrowsers(Tracing tracing) {
    return new TracedRequests(tracing, false);
  }

  /** For a listener that our own services reach. */
  public static TracedRequests ofServices(Tracing tracing) {
    return new TracedRequests(tracing, true);
  }

  /** Who looks whether we live looks often, and nothing is done for it. */
  private static boolean isLook(String path) {
    return path.startsWith("/health/") || path.equals("/metrics");
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    if (trusted && isLook(request.path().path())) {
      chain.proceed();
    } else if (trusted) {
      tracing.resume(
          headers(request), "admin request", SpanKind.SERVER, () -> told(chain, request, response));
    } else {
      tracing.begin("public request", SpanKind.SERVER, () -> told(chain, request, response));
    }
  }

  /** Never the path itself: a code and a state may stand in it. */
  private void told(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    chain.proceed();
    Span span = Span.current();
    if (span.isRecording()) {
      span.setAttribute(METHOD, request.prologue().method().text());
      span.setAttribute(STATUS, (long) response.status().code());
      if (trusted) {
        span.setAttribute(ROUTE, AdminRequests.route(request.path().path()));
      }
    }
  }

  private static Map<String, String> headers(RoutingRequest request) {
    Map<String, String> headers = new HashMap<>();
    request.headers().first(PARENT).ifPresent(value -> headers.put("traceparent", value));
    request
        .headers()
        .first(STATE)
        .filter(value -> value.length() <= MAX_STATE)
        .ifPresent(value -> headers.put("tracestate", value));
    return headers;
  }
}
