package dev.perennial.exchanger;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.TokenRequest;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.TrustManager;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends token requests (RFC 6749 section 3.2), each once: no retry, no redirect, no cookie, no
 * answered challenge, no proxy of the environment. A call ends by its deadline, when its connection
 * is closed at once. A request that has a certificate shows it in the TLS handshake (RFC 8705).
 * Blocks; meant for virtual threads. Thread-safe.
 *
 * <p>The HTTP client logs requests and answers where its loggers ({@code org.apache.hc}) stand at
 * DEBUG: keep them above.
 */
public final class TokenEndpoint implements AutoCloseable {
  static final String WORKER_HEADER = "X-Perennial-Worker";

  /** A deadline that is noticed later than this was slept through. */
  private static final Duration PAUSED = Duration.ofMillis(250);

  private static final Duration GRACE = Duration.ofSeconds(1);

  /** Certificates whose connections are kept. */
  private static final int CERTIFICATES = 64;

  /** Servers whose DPoP nonces are kept. */
  private static final int NONCES = 1000;

  private final ExchangerSettings settings;
  private final ClientsByCertificate clients;
  private final ScheduledThreadPoolExecutor watchdog;
  private final DpopProofs proofs;
  private final DpopNonces nonces = new DpopNonces(NONCES);

  /**
   * @param wallClock for the time in a DPoP proof
   * @param random for DPoP keys and the identifiers of proofs
   */
  public TokenEndpoint(ExchangerSettings settings, InstantSource wallClock, SecureRandom random) {
    this(settings, wallClock, random, null);
  }

  /**
   * @param trusted whose servers are believed; null = those of the JDK's trust store
   */
  TokenEndpoint(
      ExchangerSettings settings,
      InstantSource wallClock,
      SecureRandom random,
      TrustManager @Nullable [] trusted) {
    this.settings = settings;
    this.proofs = new DpopProofs(wallClock, random);
    this.clients =
        new ClientsByCertificate(
            identity -> new Clients(settings, trusted, identity), CERTIFICATES);
    this.watchdog = new ScheduledThreadPoolExecutor(1, TokenEndpoint::watchdogThread);
    watchdog.setRemoveOnCancelPolicy(true);
  }

  /**
   * Returns once it can send, which is soon after it was made; whoever sends before waits as long.
   *
   * @throws IllegalStateException where the JDK's trust store cannot be used
   */
  public void awaitReady() {
    var _ = clients.plain();
  }

  private static Thread watchdogThread(Runnable work) {
    return Thread.ofPlatform().daemon().name("token-endpoint-deadlines").unstarted(work);
  }

  /** Which connection a request goes out on. */
  enum Connection {
    /** A kept one if there is one: for requests that are repeated anyway. */
    REUSED,
    /** One of its own, since a kept one may turn out dead: for codes, which are sent once. */
    FRESH
  }

  /** A new key for proofs of possession (RFC 9449), as a private JWK. */
  Secret newDpopKey() {
    return proofs.newKey();
  }

  /** The same without a proof of possession. */
  Exchange send(
      TokenRequest request,
      Deadline deadline,
      Connection connection,
      BooleanSupplier stillAllowed) {
    return send(request, deadline, connection, null, stillAllowed);
  }

  /**
   * Sends one request and waits for its answer. With a key it carries a proof of possession (RFC
   * 9449), and is sent once more where the answer says that only the server's nonce was missing,
   * which is an answer before anything was spent.
   *
   * @param deadline begun before the attempt was; nothing is written after it
   * @param dpopKey a private JWK on P-256; null = no proof
   * @param stillAllowed asked once, right before the first byte is written; once more where the
   *     request is sent once more
   */
  Exchange send(
      TokenRequest request,
      Deadline deadline,
      Connection connection,
      @Nullable Secret dpopKey,
      BooleanSupplier stillAllowed) {
    Optional<Origin> server = Origin.of(request.uri());
    if (server.isEmpty()) {
      return new Exchange.NotSent("a URL needs https, a host in ASCII and no user name");
    }
    return dpopKey == null
        ? once(request, http(request, connection), deadline, connection, stillAllowed).exchange
        : prove(request, deadline, connection, server.get(), dpopKey, stillAllowed);
  }

  private Exchange prove(
      TokenRequest request,
      Deadline deadline,
      Connection connection,
      Origin server,
      Secret dpopKey,
      BooleanSupplier stillAllowed) {
    String known = nonces.of(server);
    try {
      HttpUriRequestBase http = proven(request, connection, dpopKey, known);
      Reply reply = once(request, http, deadline, connection, stillAllowed);
      String asked = reply.nonce;
      if (asked == null) {
        return reply.exchange;
      }
      nonces.heard(server, asked);
      if (asked.equals(known) || !wantsNonce(reply.exchange)) {
        return reply.exchange;
      }
      http = proven(request, connection, dpopKey, asked);
      return once(request, http, deadline, connection, stillAllowed).exchange;
    } catch (DpopProofs.UnusableKeyException e) {
      return new Exchange.NotSent(host(http(request, connection)) + ": " + e.getMessage());
    }
  }

  private HttpUriRequestBase proven(
      TokenRequest request, Connection connection, Secret key, @Nullable String nonce)
      throws DpopProofs.UnusableKeyException {
    HttpUriRequestBase http = http(request, connection);
    http.setHeader(DpopProofs.HEADER, proofs.proof(key, request.method(), request.uri(), nonce));
    return http;
  }

  /** RFC 9449 section 8. */
  private static boolean wantsNonce(Exchange exchange) {
    return exchange instanceof Exchange.Answered answered
        && (answered.status() == 400 || answered.status() == 401)
        && JsonAnswer.errorCode(answered).filter("use_dpop_nonce"::equals).isPresent();
  }

  /**
   * @param nonce that the answer asks for; null where it does not, or there is no answer
   */
  private record Reply(Exchange exchange, @Nullable String nonce) {
    Reply(Exchange exchange) {
      this(exchange, null);
    }
  }

  private Reply once(
      TokenRequest request,
      HttpUriRequestBase http,
      Deadline deadline,
      Connection connection,
      BooleanSupplier stillAllowed) {
    String host = host(http);
    if (!schemeAllowed(http)) {
      return new Reply(new Exchange.NotSent(host + ": https only"));
    }
    long nanos = deadline.remaining().toNanos();
    if (nanos <= 0) {
      return new Reply(new Exchange.NotSent(host + ": " + deadline + " over before sending"));
    }
    Call call = new Call(http, deadline, stillAllowed);
    Future<?> end = null;
    try {
      end = watchdog.schedule(() -> end(call), nanos, TimeUnit.NANOSECONDS);
      ClientsByCertificate.Shared shared = clients.acquire(request.certificate());
      try {
        return exchange(call, shared.clients().of(connection));
      } finally {
        clients.release(shared);
      }
    } catch (ClientIdentity.UnreadableException e) {
      return new Reply(new Exchange.NotSent(host + ": " + e.getMessage()));
    } catch (IOException | RuntimeException e) {
      return new Reply(failed(call, host, e));
    } finally {
      call.ended();
      if (end != null) {
        end.cancel(false);
      }
    }
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

  private Reply exchange(Call call, CloseableHttpClient client) throws IOException {
    HttpClientContext context = HttpClientContext.create();
    context.setRequestConfig(config(call.deadline()));
    call.bind(context);
    boolean whole = false;
    ClassicHttpResponse response = client.executeOpen(null, call.request(), context);
    try {
      AnswerBytes body = AnswerBytes.read(response.getEntity(), settings.maxBody());
      whole = body.whole();
      return new Reply(
          new Exchange.Answered(
              response.getCode(),
              header(response, HttpHeaders.RETRY_AFTER),
              body.bytes(),
              body.extent()),
          nonce(response));
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

  private static @Nullable String nonce(ClassicHttpResponse response) {
    String nonce = header(response, "DPoP-Nonce");
    return nonce != null && DpopNonces.valid(nonce) ? nonce : null;
  }

  private static @Nullable String header(ClassicHttpResponse response, String name) {
    Header header = response.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  /** Closes every connection at once: calls in flight end without an answer, later ones unsent. */
  @Override
  public void close() {
    watchdog.shutdownNow();
    clients.close();
  }
}
