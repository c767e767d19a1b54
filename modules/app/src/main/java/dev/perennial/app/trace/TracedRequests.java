package dev.perennial.app.trace;

import dev.perennial.stream.Tracing;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
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

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    if (trusted) {
      tracing.resume(headers(request), "admin request", SpanKind.SERVER, chain::proceed);
    } else {
      tracing.begin("public request", SpanKind.SERVER, chain::proceed);
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
