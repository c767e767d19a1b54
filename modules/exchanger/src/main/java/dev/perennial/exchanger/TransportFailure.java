package dev.perennial.exchanger;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * Says in a few words why a request failed. Never an exception's own message: some repeat URLs,
 * headers or bytes of an answer.
 */
final class TransportFailure {
  /** Causes that are looked at. */
  private static final int DEEPEST = 10;

  private TransportFailure() {}

  static String describe(Throwable failure) {
    return switch (failure) {
      case Call.NotWrittenException ours -> String.valueOf(ours.getMessage());
      case AddressGuard.RefusedAddressException _ -> "private address refused";
      case TimedNames.SlowLookupException slow -> String.valueOf(slow.getMessage());
      case UnknownHostException _ -> "host not found";
      case ConnectionRequestTimeoutException _ -> "no free connection";
      case ConnectTimeoutException _ -> "connect timed out";
      case SocketTimeoutException _ -> "timed out";
      case ConnectException _ -> "connection refused";
      case NoRouteToHostException _ -> "no route to host";
      case SSLException tls -> "TLS failed, " + certificate(tls);
      case NoHttpResponseException _, ConnectionClosedException _ -> "connection closed early";
      case MalformedChunkCodingException _ -> "broken chunks";
      case HttpException _ -> "not HTTP as we know it";
      case MessageConstraintException _ -> "header limits exceeded";
      case SocketException _ -> "connection reset";
      case RejectedExecutionException _ -> "this process is stopping";
      default -> cause(failure);
    };
  }

  /** What is wrong with the server's certificate, else the exception's name. */
  private static String certificate(SSLException failure) {
    String why = failure.getClass().getSimpleName();
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      why =
          switch (cause) {
            case CertificateExpiredException _, CertificateNotYetValidException _ ->
                "certificate expired or not yet valid";
            case CertPathBuilderException _, CertPathValidatorException _ ->
                "certificate not trusted";
            default -> why;
          };
      cause = cause.getCause();
    }
    return why;
  }

  /** The client wraps protocol violations in an exception of its own. */
  private static String cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure.getClass().getSimpleName() : describe(cause);
  }
}
