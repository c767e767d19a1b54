package dev.perennial.exchanger;

import dev.perennial.domain.definition.TokenRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests and deadlines as tests need them. */
final class TestRequests {
  private TestRequests() {}

  /** That may ask this machine. */
  static TokenEndpoint endpoint() {
    return endpoint(ExchangerSettings.DEFAULT.withPrivateAddresses("worker-1"));
  }

  static TokenEndpoint endpoint(ExchangerSettings settings) {
    return new TokenEndpoint(settings, InstantSource.system(), new SecureRandom());
  }

  static Deadline within(Duration length) {
    return Deadline.after(length, System::nanoTime, InstantSource.system());
  }

  static TokenRequest post(URI uri, String form) {
    return request(
        "POST",
        uri,
        new TokenRequest.Body(
            "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.UTF_8)));
  }

  static TokenRequest request(String method, URI uri, TokenRequest.@Nullable Body body) {
    return new TokenRequest(
        method, uri, List.of(new TokenRequest.Header("X-Custom", "yes")), body, Set.of());
  }

  /** Where a connection is refused at once. */
  static URI nobodyListens() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
