package dev.perennial.exchanger;

import static dev.perennial.exchanger.TestRequests.post;
import static dev.perennial.exchanger.TestRequests.request;
import static dev.perennial.exchanger.TestRequests.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.Exchange.NoAnswer;
import dev.perennial.exchanger.Exchange.NotSent;
import dev.perennial.exchanger.TokenEndpoint.Connection;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TokenEndpointTest {
  private static final String OK = WireServer.answer("200 OK", "{\"access_token\":\"a\"}");

  private final TokenEndpoint endpoint = TestRequests.endpoint();

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
    assertThat(send(post(TestRequests.nobodyListens(), "x=y")))
        .isEqualTo(new NotSent("127.0.0.1: connection refused"));
  }

  @Test
  void aHostThatDoesNotExistIsNotSent() {
    assertThat(send(post(URI.create("https://nowhere.invalid/token?secret=s"), "x=y")))
        .isInstanceOfSatisfying(
            NotSent.class, not -> assertThat(not.detail()).startsWith("nowhere.invalid: "));
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
          .isEqualTo(new NotSent("127.0.0.1: no longer allowed right before sending"));
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
  void aDeadlineThatWasSleptThroughLeavesAMomentToReadWhatHasCome() {
    Call slept = call(Duration.ofSeconds(-5));
    Call awake = call(Duration.ZERO);
    endpoint.end(slept);
    endpoint.end(awake);
    while (!awake.timedOut()) {
      Thread.onSpinWait();
    }
    assertThat(slept.timedOut()).isFalse();
    while (!slept.timedOut()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aDeadlineAfterTheEndOfACallDoesNothing() {
    Call call = call(Duration.ofSeconds(10));
    call.ended();
    call.deadlineOver();
    assertThat(call.timedOut()).isFalse();
  }

  private static Call call(Duration left) {
    return new Call(
        new HttpUriRequestBase("POST", URI.create("https://provider.test/token")),
        within(left),
        () -> true);
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

  @Test
  void afterTheEndOfTheEndpointNothingIsSent() throws Exception {
    try (WireServer server = WireServer.answering(_ -> OK)) {
      endpoint.close();

      assertThat(send(post(server.uri("/"), "x=y")))
          .isEqualTo(new NotSent("127.0.0.1: this process is stopping"));
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
}
