package dev.perennial.exchanger;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.TokenRequest;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends token requests (RFC 6749 section 3.2), each once: no retry, no redirect, no cookie, no
 * answered challenge, no proxy of the environment. A call ends by its deadline, when its connection
 * is closed at once. Blocks; meant for virtual threads. Thread-safe.
 *
 * <p>The HTTP client logs requests and answers where its loggers ({@code org.apache.hc}) stand at
 * DEBUG: keep them above.
 */
public final class TokenEndpoint implements AutoCloseable {
  static final String WORKER_HEADER = "X-Perennial-Worker";

  /** A deadline that is noticed later than this was slept through. */
  private static final Duration PAUSED = Duration.ofMillis(250);

  private static final Duration GRACE = Duration.ofSeconds(1);

  /** Shorter than any server's patience with an idle connection, longer than a burst's gaps. */
  private static final TimeValue TRUSTED_UNCHECKED = TimeValue.ofMilliseconds(100);

  /** Names are resolved and judged again at least this often. */
  private static final TimeValue LONGEST_LIFE = TimeValue.ofMinutes(5);

  private final ExchangerSettings settings;
  private final CloseableHttpClient reusing;
  private final CloseableHttpClient fresh;
  private final ScheduledThreadPoolExecutor watchdog;

  public TokenEndpoint(ExchangerSettings settings) {
    this.settings = settings;
    this.reusing = client().evictIdleConnections(TimeValue.of(settings.idle())).build();
    this.fresh = client().setConnectionReuseStrategy((_, _, _) -> false).build();
    this.watchdog = new ScheduledThreadPoolExecutor(1, TokenEndpoint::watchdogThread);
    watchdog.setRemoveOnCancelPolicy(true);
  }

  private static Thread watchdogThread(Runnable work) {
    return Thread.ofPlatform().daemon().name("token-endpoint-deadlines").unstarted(work);
  }

  private HttpClientBuilder client() {
    return HttpClientBuilder.create()
        .setConnectionManager(connections())
        .setRequestExecutor(new Call.Executor())
        .setUserAgent(settings.userAgent())
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .disableConnectionState();
  }

  private PoolingHttpClientConnectionManager connections() {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setMaxConnTotal(settings.maxConnections())
        .setMaxConnPerRoute(settings.maxConnections())
        .setDnsResolver(
            new AddressGuard(SystemDefaultDnsResolver.INSTANCE, settings.allowPrivateAddresses()))
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(
                    Http1Config.custom()
                        .setMaxHeaderCount(settings.maxHeaders())
                        .setMaxLineLength(settings.maxHeaderLine())
                        .build())
                .build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                .setValidateAfterInactivity(TRUSTED_UNCHECKED)
                .setIdleTimeout(Timeout.of(settings.idle()))
                .setTimeToLive(LONGEST_LIFE)
                .build())
        .build();
  }

  /** Which connection a request goes out on. */
  enum Connection {
    /** A kept one if there is one: for requests that are repeated anyway. */
    REUSED,
    /** One of its own, since a kept one may turn out dead: for codes, which are sent once. */
    FRESH
  }

  /**
   * Sends one request and waits for its answer.
   *
   * @param deadline begun before the attempt was; nothing is written after it
   * @param stillAllowed asked once, right before the first byte is written
   */
  Exchange send(
      TokenRequest request,
      Deadline deadline,
      Connection connection,
      BooleanSupplier stillAllowed) {
    HttpUriRequestBase http = http(request, connection);
    String host = host(http);
    if (!schemeAllowed(http)) {
      return new Exchange.NotSent(host + ": https only");
    }
    long nanos = deadline.remaining().toNanos();
    if (nanos <= 0) {
      return new Exchange.NotSent(host + ": " + deadline + " over before sending");
    }
    Call call = new Call(http, deadline, stillAllowed);
    Future<?> end = null;
    try {
      end = watchdog.schedule(() -> end(call), nanos, TimeUnit.NANOSECONDS);
      return exchange(call, connection == Connection.FRESH ? fresh : reusing);
    } catch (IOException | RuntimeException e) {
      return failed(call, host, e);
    } finally {
      call.ended();
      if (end != null) {
        end.cancel(false);
      }
    }
  }

  /**
   * The same for a request that proves possession of a key (RFC 9449).
   *
   * @param dpopKey null without
   */
  Exchange send(
      TokenRequest request,
      Deadline deadline,
      Connection connection,
      @Nullable Secret dpopKey,
      BooleanSupplier stillAllowed) {
    return send(request, deadline, connection, stillAllowed);
  }

  /**
   * On a thread of its own: closing a socket may block, and other deadlines must not wait. A
   * process that was stopped beyond the deadline may find the answer in its socket, and it may be
   * the only copy: it is given a moment to read it.
   */
  void end(Call call) {
    if (call.deadline().remaining().compareTo(PAUSED.negated()) < 0) {
      var _ =
          watchdog.schedule(
              () -> Thread.startVirtualThread(call::deadlineOver),
              GRACE.toNanos(),
              TimeUnit.NANOSECONDS);
    } else {
      Thread.startVirtualThread(call::deadlineOver);
    }
  }

  private static Exchange failed(Call call, String host, Exception e) {
    // Once it is sent, a read waits exactly as long as the deadline leaves.
    boolean late = call.timedOut() || (call.sent() && e instanceof SocketTimeoutException);
    String detail = host + ": " + (late ? call.deadline() + " over" : TransportFailure.describe(e));
    return call.sent() ? new Exchange.NoAnswer(detail) : new Exchange.NotSent(detail);
  }

  private Exchange exchange(Call call, CloseableHttpClient client) throws IOException {
    HttpClientContext context = HttpClientContext.create();
    context.setRequestConfig(config(call.deadline()));
    call.bind(context);
    boolean whole = false;
    ClassicHttpResponse response = client.executeOpen(null, call.request(), context);
    try {
      AnswerBytes body = AnswerBytes.read(response.getEntity(), settings.maxBody());
      whole = body.whole();
      return new Exchange.Answered(
          response.getCode(), retryAfter(response), body.bytes(), body.extent());
    } finally {
      if (!whole) {
        call.abort(); // first, or closing would read the rest
      }
      Closer.closeQuietly(response);
    }
  }

  private static RequestConfig config(Deadline deadline) {
    Timeout remaining = Timeout.ofMilliseconds(Math.max(1, deadline.remaining().toMillis()));
    return RequestConfig.custom()
        .setConnectionRequestTimeout(remaining)
        .setResponseTimeout(remaining)
        .setAuthenticationEnabled(false)
        .setRedirectsEnabled(false)
        .setProtocolUpgradeEnabled(false)
        .build();
  }

  private HttpUriRequestBase http(TokenRequest request, Connection connection) {
    HttpUriRequestBase http = new HttpUriRequestBase(request.method(), request.uri());
    request.headers().forEach(header -> http.addHeader(header.name(), header.value()));
    TokenRequest.Body body = request.body();
    if (body != null) {
      http.setHeader(HttpHeaders.CONTENT_TYPE, body.contentType());
      http.setEntity(new ByteArrayEntity(body.bytes(), null));
    }
    if (connection == Connection.FRESH) {
      http.setHeader(HttpHeaders.CONNECTION, "close");
    }
    if (settings.workerHeader() != null) {
      http.setHeader(WORKER_HEADER, settings.workerHeader());
    }
    return http;
  }

  private boolean schemeAllowed(HttpUriRequestBase http) {
    return URIScheme.HTTPS.same(http.getScheme())
        || (settings.allowPrivateAddresses() && URIScheme.HTTP.same(http.getScheme()));
  }

  private static String host(HttpUriRequestBase http) {
    URIAuthority authority = http.getAuthority();
    return authority == null ? "no host" : authority.getHostName();
  }

  private static @Nullable String retryAfter(ClassicHttpResponse response) {
    Header header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
    return header == null ? null : header.getValue();
  }

  /** Closes every connection at once: calls in flight end without an answer, later ones unsent. */
  @Override
  public void close() {
    watchdog.shutdownNow();
    reusing.close(CloseMode.IMMEDIATE);
    fresh.close(CloseMode.IMMEDIATE);
  }
}
