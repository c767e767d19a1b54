package dev.perennial.domain.definition;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request as it will be written, every template rendered. It is full of secrets and prints none.
 *
 * @param method GET, POST, PUT, PATCH or DELETE
 * @param uri absolute, http or https
 * @param headers in order; Content-Type is in the body
 * @param body null where there is none
 * @param successStatus status codes that mean success; empty means any 2xx
 * @param certificate shown in the TLS handshake; null where there is none
 */
public record TokenRequest(
    String method,
    URI uri,
    List<Header> headers,
    @Nullable Body body,
    Set<Integer> successStatus,
    @Nullable ClientCertificate certificate) {

  /** Without a certificate. */
  public TokenRequest(
      String method,
      URI uri,
      List<Header> headers,
      @Nullable Body body,
      Set<Integer> successStatus) {
    this(method, uri, headers, body, successStatus, null);
  }

  public TokenRequest {
    headers = List.copyOf(headers);
    successStatus = Set.copyOf(successStatus);
  }

  /** Whether the definition takes this HTTP status for success. */
  public boolean accepts(int status) {
    return successStatus.isEmpty() ? status / 100 == 2 : successStatus.contains(status);
  }

  /** Method, scheme, host and path; no query, no header value, no body. */
  @Override
  public String toString() {
    return method + " " + uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
  }

  /** One header field; the value prints as {@code ***}. */
  public record Header(String name, String value) {
    @Override
    public String toString() {
      return name + ": ***";
    }
  }

  /**
   * An encoded body. Not copied: neither side changes it.
   *
   * @param contentType e.g. {@code application/x-www-form-urlencoded}
   */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere; a copy per request buys nothing
  public record Body(String contentType, byte[] bytes) {
    @Override
    public String toString() {
      return contentType + ", " + bytes.length + " bytes";
    }
  }
}
