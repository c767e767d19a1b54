package dev.perennial.exchanger;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;

/**
 * One request on its way. Its invariant is what the protocol stands on: {@link #sent()} is false as
 * long as no byte of the request can have been written, and the last checks are made right before
 * it turns true.
 */
final class Call {
  private static final String ATTRIBUTE = Call.class.getName();

  private final HttpUriRequestBase request;
  private final Deadline deadline;
  private final BooleanSupplier stillAllowed;
  private volatile boolean sent;
  private volatile boolean timedOut;
  private volatile boolean ended;

  Call(HttpUriRequestBase request, Deadline deadline, BooleanSupplier stillAllowed) {
    this.request = request;
    this.deadline = deadline;
    this.stillAllowed = stillAllowed;
  }

  HttpUriRequestBase request() {
    return request;
  }

  Deadline deadline() {
    return deadline;
  }

  boolean sent() {
    return sent;
  }

  boolean timedOut() {
    return timedOut;
  }

  void bind(HttpContext context) {
    context.setAttribute(ATTRIBUTE, this);
  }

  /** Closes the connection at once, so that bytes which come later are nobody's. */
  void abort() {
    request.cancel();
  }

  void deadlineOver() {
    if (!ended) {
      timedOut = true;
      abort();
    }
  }

  /** Its answer is read, or it failed. */
  void ended() {
    ended = true;
  }

  private void lastMoment(HttpClientConnection connection) throws NotWrittenException {
    if (URIScheme.HTTP.same(request.getScheme()) && !isLoopback(connection)) {
      throw new NotWrittenException("https only, except on loopback");
    }
    if (!stillAllowed.getAsBoolean()) {
      throw new NotWrittenException("no longer allowed right before sending");
    }
    // After that, since it may have taken its time, in which a kept connection can go bad.
    if (answersUnasked(connection)) {
      throw new NotWrittenException("bytes on a kept connection that nobody asked for");
    }
    long millis = deadline.remaining().toMillis();
    if (millis <= 0) {
      throw new NotWrittenException(deadline + " over before sending");
    }
    connection.setSocketTimeout(Timeout.ofMilliseconds(millis));
    sent = true;
  }

  /**
   * A body longer than its head said would be taken for the answer to this request, with tokens
   * that may be somebody else's.
   */
  private static boolean answersUnasked(HttpClientConnection connection)
      throws NotWrittenException {
    EndpointDetails details = connection.getEndpointDetails();
    try {
      return details != null
          && details.getRequestCount() > 0
          && connection.isDataAvailable(Timeout.ofMilliseconds(1));
    } catch (IOException e) {
      throw new NotWrittenException("a kept connection was closed");
    }
  }

  private static boolean isLoopback(HttpClientConnection connection) {
    return connection.getRemoteAddress() instanceof InetSocketAddress remote
        && remote.getAddress() != null
        && remote.getAddress().isLoopbackAddress();
  }

  /** A check right before the first byte said no. The message is fit to be shown. */
  static final class NotWrittenException extends IOException {
    private static final long serialVersionUID = 1L;

    NotWrittenException(String message) {
      super(message);
    }
  }

  /** Writes requests, and asks their call for permission immediately before. */
  static final class Executor extends HttpRequestExecutor {
    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        HttpResponseInformationCallback informationCallback,
        HttpContext context)
        throws IOException, HttpException {
      if (!(context.getAttribute(ATTRIBUTE) instanceof Call call)) {
        throw new IllegalStateException("a request that is no call");
      }
      if (call.sent) {
        throw new IllegalStateException("a request must not be written twice");
      }
      call.lastMoment(connection);
      return super.execute(request, connection, informationCallback, context);
    }
  }
}
