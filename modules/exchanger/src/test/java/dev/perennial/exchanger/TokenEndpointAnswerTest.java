package dev.perennial.exchanger;

import static dev.perennial.exchanger.TestRequests.post;
import static dev.perennial.exchanger.TestRequests.request;
import static dev.perennial.exchanger.TestRequests.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.Exchange.Extent;
import dev.perennial.exchanger.Exchange.NoAnswer;
import dev.perennial.exchanger.TokenEndpoint.Connection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TokenEndpointAnswerTest {
  private final TokenEndpoint endpoint = TestRequests.endpoint();

  @AfterEach
  void close() {
    endpoint.close();
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
  void anEndlessBodyIsCutAndItsConnectionClosedAtOnce() throws Exception {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    String chunk = "10000\r\n" + "x".repeat(1 << 16) + "\r\n";
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          try {
            while (true) {
              peer.write(chunk);
            }
          } catch (IOException e) {
            closed.complete(true);
          }
        })) {
      Deadline deadline = within(Duration.ofSeconds(5));
      Answered answered =
          (Answered)
              endpoint.send(post(server.uri("/"), "x=y"), deadline, Connection.REUSED, () -> true);

      assertThat(answered.extent()).isEqualTo(Extent.OVERSIZE);
      assertThat(answered.body()).hasSize(1 << 20);
      assertThat(closed.get(5, TimeUnit.SECONDS)).isTrue();
      assertThat(deadline.over()).isFalse();
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

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
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

  private Exchange send(TokenRequest request) {
    return send(endpoint, request);
  }

  private static Exchange send(TokenEndpoint endpoint, TokenRequest request) {
    return endpoint.send(request, within(Duration.ofSeconds(10)), Connection.REUSED, () -> true);
  }

  private Exchange send(TokenRequest request, Duration deadline) {
    return endpoint.send(request, within(deadline), Connection.REUSED, () -> true);
  }
}
