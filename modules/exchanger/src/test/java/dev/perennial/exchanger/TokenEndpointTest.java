package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.Exchange.Extent;
import dev.perennial.exchanger.Exchange.NoAnswer;
import dev.perennial.exchanger.Exchange.NotSent;
import dev.perennial.exchanger.TokenEndpoint.Connection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TokenEndpointTest {
  private static final String OK = WireServer.answer("200 OK", "{\"access_token\":\"a\"}");

  private final TokenEndpoint endpoint =
      new TokenEndpoint(ExchangerSettings.DEFAULT.withPrivateAddresses("worker-1"));

  @AfterEach
  void close() {
    endpoint.close();
  }

  @Test
  void writesTheRequestAsItWasRendered() throws Exception {
    try (WireServer server = WireServer.answering(_ -> OK)) {
      Exchange exchange = send(post(server.uri("/token?a=%2F+b"), "grant_type=refresh_token"));

      assertThat(exchange).isInstanceOf(Answered.class);
      assertThat(server.requests().getFirst())
          .startsWith("POST /token?a=%2F+b HTTP/1.1\r\n")
          .contains("\r\nX-Custom: yes\r\n")
          .contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n")
          .contains("\r\nContent-Length: 24\r\n")
          .contains("\r\nUser-Agent: Perennial\r\n")
          .contains("\r\nX-Perennial-Worker: worker-1\r\n")
          .doesNotContain("Accept-Encoding", "Upgrade", "Cookie", "Expect")
          .endsWith("\r\n\r\ngrant_type=refresh_token");
    }
  }

  @Test
  void aPostWithoutABodySaysSo() throws Exception {
    try (WireServer server = WireServer.answering(_ -> OK)) {
      send(request("POST", server.uri("/token?code=c"), null));

      assertThat(server.requests().getFirst()).contains("\r\nContent-Length: 0\r\n");
    }
  }

  @Test
  void readsStatusBodyAndRetryAfter() throws Exception {
    String busy = WireServer.answer("429 Too Many", "{\"error\":\"slow_down\"}", "Retry-After: 7");
    try (WireServer server = WireServer.answering(_ -> busy)) {
      Answered answered = (Answered) send(post(server.uri("/"), "x=y"));

      assertThat(answered.status()).isEqualTo(429);
      assertThat(answered.retryAfter()).isEqualTo("7");
      assertThat(answered.body()).asString().isEqualTo("{\"error\":\"slow_down\"}");
      assertThat(answered.extent()).isEqualTo(Extent.WHOLE);
    }
  }

  @Test
  void keepsConnectionsForRefreshesAndUsesOneOfItsOwnForACode() throws Exception {
    try (WireServer server = WireServer.answering(_ -> OK)) {
      TokenRequest request = post(server.uri("/"), "x=y");
      send(request);
      send(request);
      assertThat(server.peers()).hasSize(1);

      send(request, Connection.FRESH);
      send(request, Connection.FRESH);
      assertThat(server.peers()).hasSize(3);
      assertThat(server.requests().getLast()).contains("\r\nConnection: close\r\n");
    }
  }

  @Test
  void aRefusedConnectionIsNotSent() {
    assertThat(send(post(URI.create("http://127.0.0.1:" + closedPort() + "/"), "x=y")))
        .isEqualTo(new NotSent("127.0.0.1: connection refused"));
  }

  @Test
  void aHostThatDoesNotExistIsNotSent() {
    assertThat(send(post(URI.create("https://nowhere.invalid/token?secret=s"), "x=y")))
        .isEqualTo(new NotSent("nowhere.invalid: host not found"));
  }

  @Test
  void aServerWithoutTlsIsNotSent() throws Exception {
    try (WireServer server = WireServer.answering(_ -> OK)) {
      URI https = URI.create(server.uri("/").toString().replace("http:", "https:"));
      // The server waits for the end of a head, which a TLS hello does not have.
      assertThat(send(post(https, "x=y"), Duration.ofMillis(200)))
          .isEqualTo(new NotSent("127.0.0.1: deadline of 200 ms over"));
    }
  }

  @Test
  void nothingIsWrittenOnceTheDeadlineIsOver() throws Exception {
    try (WireServer server = WireServer.answering(_ -> OK)) {
      assertThat(send(post(server.uri("/"), "x=y"), Duration.ZERO))
          .isEqualTo(new NotSent("127.0.0.1: deadline of 0 ms over before sending"));
      assertThat(server.peers()).isEmpty();
    }
  }

  @Test
  void theLastCheckStandsBetweenTheConnectionAndTheFirstByte() throws Exception {
    try (WireServer server = WireServer.answering(_ -> OK)) {
      TokenRequest request = post(server.uri("/"), "x=y");

      assertThat(send(request, () -> false))
          .isEqualTo(new NotSent("127.0.0.1: overtaken right before sending"));
      assertThat(server.requests()).isEmpty();
      assertThat(
              send(
                  request,
                  () -> {
                    throw new IllegalStateException("secret");
                  }))
          .isEqualTo(new NotSent("127.0.0.1: IllegalStateException"));
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aLastCheckThatTakesTooLongIsFollowedByNoByte() throws Exception {
    try (WireServer server = WireServer.answering(_ -> OK)) {
      long[] nanos = {0};
      Deadline deadline =
          Deadline.after(Duration.ofSeconds(5), () -> nanos[0], InstantSource.system());

      Exchange exchange =
          endpoint.send(
              post(server.uri("/"), "x=y"),
              deadline,
              Connection.REUSED,
              () -> {
                nanos[0] = Duration.ofSeconds(6).toNanos();
                return true;
              });

      assertThat(exchange)
          .isEqualTo(new NotSent("127.0.0.1: deadline of 5000 ms over before sending"));
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aResetAfterTheRequestIsNoAnswer() throws Exception {
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          peer.reset();
        })) {
      assertThat(send(post(server.uri("/"), "x=y")))
          .isInstanceOfSatisfying(
              NoAnswer.class, no -> assertThat(no.detail()).startsWith("127.0.0.1: connection "));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aKeptConnectionThatDiesIsNotTriedAgain() throws Exception {
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          peer.write(OK);
          peer.read();
          peer.reset();
        })) {
      TokenRequest request = post(server.uri("/"), "x=y");
      send(request);

      assertThat(send(request)).isInstanceOf(NoAnswer.class);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aServerThatHangsIsLeftAtTheDeadlineAndSeesTheConnectionClosed() throws Exception {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          closed.complete(peer.closedByClient());
        })) {
      assertThat(send(post(server.uri("/"), "x=y"), Duration.ofMillis(200)))
          .isEqualTo(new NoAnswer("127.0.0.1: deadline of 200 ms over"));
      assertThat(closed.get(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aBodyThatDripsIsLeftAtTheDeadline() throws Exception {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
          try {
            while (true) {
              peer.write("{");
              LockSupport.parkNanos(2_000_000);
            }
          } catch (IOException e) {
            closed.complete(true);
          }
        })) {
      assertThat(send(post(server.uri("/"), "x=y"), Duration.ofMillis(150)))
          .isEqualTo(new NoAnswer("127.0.0.1: deadline of 150 ms over"));
      assertThat(closed.get(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aBodyThatStopsHalfwayIsNoAnswer() throws Exception {
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"access_token\":\"a\"");
        })) {
      assertThat(send(post(server.uri("/"), "x=y")))
          .isEqualTo(new NoAnswer("127.0.0.1: connection closed early"));
    }
  }

  @Test
  void anEndlessBodyIsCutAndItsConnectionClosed() throws Exception {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    byte[] block = new byte[1 << 16];
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          peer.write("HTTP/1.1 200 OK\r\n\r\n");
          try {
            while (true) {
              peer.write(block);
            }
          } catch (IOException e) {
            closed.complete(true);
          }
        })) {
      Answered answered = (Answered) send(post(server.uri("/"), "x=y"));

      assertThat(answered.extent()).isEqualTo(Extent.OVERSIZE);
      assertThat(answered.body()).hasSize(1 << 20);
      assertThat(closed.get(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aCompressedBodyIsReadAndABombIsNot() throws Exception {
    byte[] small = gzip("{\"access_token\":\"a\"}".getBytes(StandardCharsets.UTF_8));
    byte[] bomb = gzip(new byte[4 << 20]);
    byte[] broken = "no gzip at all".getBytes(StandardCharsets.UTF_8);

    Answered plain = coded("gzip", small);
    assertThat(plain.extent()).isEqualTo(Extent.WHOLE);
    assertThat(plain.body()).asString().isEqualTo("{\"access_token\":\"a\"}");
    assertThat(coded("gzip", bomb).extent()).isEqualTo(Extent.OVERSIZE);
    assertThat(coded("gzip", broken).extent()).isEqualTo(Extent.UNDECODABLE);
    assertThat(coded("gzip", broken).body()).isEqualTo(broken);
    assertThat(coded("br", small).extent()).isEqualTo(Extent.UNDECODABLE);
  }

  private Answered coded(String coding, byte[] body) throws IOException {
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          peer.write(
              "HTTP/1.1 200 OK\r\nContent-Encoding: "
                  + coding
                  + "\r\nContent-Length: "
                  + body.length
                  + "\r\n\r\n");
          peer.write(body);
          peer.closedByClient();
        })) {
      return (Answered) send(post(server.uri("/"), "x=y"));
    }
  }

  @Test
  void aRedirectIsAnAnswer() throws Exception {
    try (WireServer server =
        WireServer.answering(_ -> WireServer.answer("307 Away", "", "Location: /elsewhere"))) {
      Answered answered = (Answered) send(post(server.uri("/"), "x=y"));

      assertThat(answered.status()).isEqualTo(307);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aChallengeAndACookieAreNotAnswered() throws Exception {
    String challenge =
        WireServer.answer(
            "401 Who", "{}", "WWW-Authenticate: Basic realm=\"x\"", "Set-Cookie: a=b");
    try (WireServer server = WireServer.answering(_ -> challenge)) {
      assertThat(((Answered) send(post(server.uri("/"), "x=y"))).status()).isEqualTo(401);
      send(post(server.uri("/"), "x=y"));

      assertThat(server.requests()).hasSize(2).noneMatch(request -> request.contains("Cookie"));
    }
  }

  @Test
  void anErrorOfTheServerIsNotTriedAgain() throws Exception {
    try (WireServer server =
        WireServer.answering(_ -> WireServer.answer("503 No", "", "Retry-After: 1"))) {
      assertThat(((Answered) send(post(server.uri("/"), "x=y"))).status()).isEqualTo(503);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void tenThousandHeadersAreNoAnswer() throws Exception {
    String many = "X-A: b\r\n".repeat(10_000);
    try (WireServer server =
        WireServer.answering(_ -> "HTTP/1.1 200 OK\r\n" + many + "Content-Length: 0\r\n\r\n")) {
      assertThat(send(post(server.uri("/"), "x=y")))
          .isEqualTo(new NoAnswer("127.0.0.1: header limits exceeded"));
    }
  }

  @Test
  void privateAddressesAndPlainHttpAreRefusedUnlessAllowed() throws Exception {
    try (TokenEndpoint strict = new TokenEndpoint(ExchangerSettings.DEFAULT);
        WireServer server = WireServer.answering(_ -> OK)) {
      URI https = URI.create(server.uri("/").toString().replace("http:", "https:"));

      assertThat(send(strict, post(server.uri("/"), "x=y")))
          .isEqualTo(new NotSent("127.0.0.1: https only"));
      assertThat(send(strict, post(https, "x=y")))
          .isEqualTo(new NotSent("127.0.0.1: private address refused"));
      assertThat(send(strict, post(URI.create("https://[::1]/"), "x=y")))
          .isEqualTo(new NotSent("[::1]: private address refused"));
      assertThat(server.peers()).isEmpty();
    }
  }

  @Test
  void theEndOfTheEndpointEndsItsCalls() throws Exception {
    CompletableFuture<Exchange> result = new CompletableFuture<>();
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          endpoint.close();
          peer.closedByClient();
        })) {
      Thread.startVirtualThread(() -> result.complete(send(post(server.uri("/"), "x=y"))));

      assertThat(result.get(5, TimeUnit.SECONDS)).isInstanceOf(NoAnswer.class);
    }
  }

  private Exchange send(TokenRequest request) {
    return send(endpoint, request);
  }

  private static Exchange send(TokenEndpoint endpoint, TokenRequest request) {
    return endpoint.send(request, within(Duration.ofSeconds(10)), Connection.REUSED, () -> true);
  }

  private Exchange send(TokenRequest request, Connection connection) {
    return endpoint.send(request, within(Duration.ofSeconds(10)), connection, () -> true);
  }

  private Exchange send(TokenRequest request, Duration deadline) {
    return endpoint.send(request, within(deadline), Connection.REUSED, () -> true);
  }

  private Exchange send(TokenRequest request, BooleanSupplier stillAllowed) {
    return endpoint.send(request, within(Duration.ofSeconds(10)), Connection.REUSED, stillAllowed);
  }

  private static Deadline within(Duration length) {
    return Deadline.after(length, System::nanoTime, InstantSource.system());
  }

  private static TokenRequest post(URI uri, String form) {
    return request(
        "POST",
        uri,
        new TokenRequest.Body(
            "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.UTF_8)));
  }

  private static TokenRequest request(String method, URI uri, TokenRequest.@Nullable Body body) {
    return new TokenRequest(
        method, uri, List.of(new TokenRequest.Header("X-Custom", "yes")), body, Set.of());
  }

  private static int closedPort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }
}
