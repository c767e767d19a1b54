package dev.perennial.exchanger;

import static dev.perennial.exchanger.TestRequests.post;
import static dev.perennial.exchanger.TestRequests.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.perennial.domain.Secret;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.Exchange.Extent;
import dev.perennial.exchanger.Exchange.NoAnswer;
import dev.perennial.exchanger.Exchange.NotSent;
import dev.perennial.exchanger.TokenEndpoint.Connection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a provider does costs one failure, bounded in time and size and told in a few words that
 * are none of the provider's, and the same endpoint serves the next request.
 */
@Timeout(30)
class HostileProviderTest {
  /** Stands in everything that a provider says here. */
  private static final String MARK = "s3cret";

  private static final String OK = WireServer.answer("200 OK", "{\"access_token\":\"a\"}");
  private static final String HEAD = "HTTP/1.1 200 " + MARK + "\r\nX-A: " + MARK + "\r\n";
  private static final Duration SHORT = Duration.ofMillis(600);
  private static final Duration LONG = Duration.ofSeconds(15);
  private static final int MIB = 1 << 20;

  private static final byte[] BOMB = gzip(new byte[16 * MIB]);

  private static final TestCertificates AUTHORITY = new TestCertificates();

  /** One for all: whatever happened before, it serves the next. */
  private static final TokenEndpoint ENDPOINT =
      new TokenEndpoint(
          ExchangerSettings.DEFAULT.withPrivateAddresses(null),
          InstantSource.system(),
          new SecureRandom(),
          AUTHORITY.trusting());

  private static final WireServer HONEST = WireServer.answering(_ -> OK);

  @AfterAll
  static void close() throws IOException {
    ENDPOINT.close();
    HONEST.close();
  }

  /** What one row expects. */
  enum End {
    /** An answer, and all of it. */
    WHOLE,
    /** An answer cut at the limit. */
    OVERSIZE,
    /** An answer whose coding is not understood. */
    UNDECODABLE,
    /** No answer, known at once. */
    FAILED,
    /** No answer when the deadline was over. */
    LATE
  }

  static Stream<Arguments> whatProvidersDo() {
    return Stream.of(
        row(
            "an endless body in chunks",
            End.OVERSIZE,
            peer -> {
              peer.write(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
              forever(peer, "10000\r\n" + MARK.repeat(11000).substring(0, 1 << 16) + "\r\n");
            }),
        row(
            "an endless body until the end",
            End.OVERSIZE,
            peer -> {
              peer.write(HEAD + "Connection: close\r\n\r\n");
              forever(peer, MARK.repeat(1000));
            }),
        row(
            "a body that says it is endless",
            End.OVERSIZE,
            peer -> {
              peer.write(HEAD + "Content-Length: 9223372036854775807\r\n\r\n");
              forever(peer, MARK.repeat(1000));
            }),
        row("a gzip bomb", End.OVERSIZE, coded("gzip", BOMB)),
        row("a gzip bomb in a gzip bomb", End.UNDECODABLE, coded("gzip, gzip", gzip(BOMB))),
        row("a bomb under two codings", End.UNDECODABLE, coded("gzip, br", BOMB)),
        row(
            "codings in two headers",
            End.WHOLE,
            coded("gzip\r\nContent-Encoding: gzip", gzip(BOMB))),
        row("a thousand codings", End.UNDECODABLE, coded("gzip,".repeat(1000), BOMB)),
        row("a gzip stream of empty members", End.WHOLE, coded("gzip", members())),
        row(
            "10,000 headers",
            End.FAILED,
            peer -> peer.write(HEAD + ("X-" + MARK + ": a\r\n").repeat(10_000) + "\r\n")),
        row(
            "endless headers",
            End.FAILED,
            peer -> {
              peer.write(HEAD);
              forever(peer, "X-" + MARK + ": a\r\n");
            }),
        row(
            "a header line of 8 MB",
            End.FAILED,
            peer -> peer.write(HEAD + "X-B: " + MARK.repeat(8 * MIB / MARK.length()) + "\r\n\r\n")),
        row(
            "an endless header line",
            End.FAILED,
            peer -> {
              peer.write(HEAD + "X-B: ");
              forever(peer, MARK.repeat(1000));
            }),
        row(
            "an endless status line",
            End.FAILED,
            peer -> {
              peer.write("HTTP/1.1 200 ");
              forever(peer, MARK.repeat(1000));
            }),
        row(
            "an endless folded header",
            End.FAILED,
            peer -> {
              peer.write(HEAD);
              forever(peer, " " + MARK.repeat(100) + "\r\n");
            }),
        row(
            "a body that drips",
            End.LATE,
            peer -> {
              peer.write(HEAD + "Content-Length: 100000\r\n\r\n");
              drip(peer, "{");
            }),
        row(
            "chunks that drip",
            End.LATE,
            peer -> {
              peer.write(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
              drip(peer, "1\r\n{\r\n");
            }),
        row(
            "headers that drip",
            End.LATE,
            peer -> {
              peer.write(HEAD + "X-B: ");
              drip(peer, "b");
            }),
        row("nothing", End.LATE, WireServer.Peer::closedByClient),
        row(
            "a redirect to a metadata address",
            End.WHOLE,
            peer ->
                peer.write(
                    WireServer.answer(
                        "302 Found", MARK, "Location: http://169.254.169.254/latest/meta-data/"))),
        row("a flood of 100", End.FAILED, peer -> forever(peer, "HTTP/1.1 100 Continue\r\n\r\n")),
        row(
            "a flood of 102 and 103",
            End.FAILED,
            peer ->
                forever(
                    peer,
                    "HTTP/1.1 102 "
                        + MARK
                        + "\r\n\r\nHTTP/1.1 103 Hints\r\nLink: "
                        + MARK
                        + "\r\n\r\n")),
        row(
            "a few interim answers",
            End.WHOLE,
            peer ->
                peer.write(
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + OK)),
        row(
            "a switch of protocols",
            End.FAILED,
            peer ->
                peer.write(
                    "HTTP/1.1 101 " + MARK + "\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n")),
        row("a reset before the answer", End.FAILED, WireServer.Peer::reset),
        row(
            "a reset in the middle of the head",
            End.FAILED,
            peer -> {
              peer.write(HEAD);
              peer.reset();
            }),
        row(
            "a reset in the middle of the body",
            End.FAILED,
            peer -> {
              peer.write(HEAD + "Content-Length: 100\r\n\r\n{\"" + MARK);
              peer.reset();
            }),
        row(
            "an end in the middle of the body",
            End.FAILED,
            peer -> peer.write(HEAD + "Content-Length: 100\r\n\r\n{\"" + MARK)),
        row(
            "an end in the middle of a chunk",
            End.FAILED,
            peer -> peer.write(HEAD + "Transfer-Encoding: chunked\r\n\r\n50\r\n{\"" + MARK)),
        row(
            "an end between chunks",
            End.FAILED,
            peer -> peer.write(HEAD + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")),
        row("HTTP/0.9", End.FAILED, peer -> peer.write("<html>" + MARK + "</html>")),
        row("lines of garbage", End.FAILED, peer -> forever(peer, MARK + "\r\n")),
        row("empty lines", End.FAILED, peer -> forever(peer, "\r\n")),
        row("zeros", End.FAILED, peer -> forever(peer, "\0".repeat(1000))),
        row(
            "the head of HTTP/2",
            End.FAILED,
            peer -> peer.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0})),
        row(
            "a status that is none",
            End.FAILED,
            peer -> peer.write("HTTP/1.1 -1 " + MARK + "\r\nContent-Length: 0\r\n\r\n")),
        row(
            "a status beyond all",
            End.FAILED,
            peer -> peer.write("HTTP/1.1 99999999999 " + MARK + "\r\nContent-Length: 0\r\n\r\n")),
        row(
            "a negative length",
            End.FAILED,
            peer -> peer.write(HEAD + "Content-Length: -5\r\n\r\n" + MARK)),
        row(
            "a length that is no number",
            End.FAILED,
            peer -> peer.write(HEAD + "Content-Length: " + MARK + "\r\n\r\n" + MARK)),
        row(
            "a length beyond all numbers",
            End.FAILED,
            peer -> peer.write(HEAD + "Content-Length: 99999999999999999999999\r\n\r\n" + MARK)),
        row(
            "a chunk size that is none",
            End.FAILED,
            peer -> peer.write(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + MARK + "\r\n")),
        row(
            "a negative chunk size",
            End.FAILED,
            peer -> peer.write(HEAD + "Transfer-Encoding: chunked\r\n\r\n-5\r\n" + MARK + "\r\n")),
        row(
            "a chunk size beyond all numbers",
            End.FAILED,
            peer ->
                peer.write(
                    HEAD
                        + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n"
                        + MARK
                        + "\r\n")),
        row(
            "a chunk longer than it says",
            End.FAILED,
            peer ->
                peer.write(
                    HEAD + "Transfer-Encoding: chunked\r\n\r\n2\r\n" + MARK + "\r\n0\r\n\r\n")),
        row(
            "an endless chunk extension",
            End.FAILED,
            peer -> {
              peer.write(HEAD + "Transfer-Encoding: chunked\r\n\r\n2;");
              forever(peer, MARK.repeat(1000));
            }),
        row(
            "endless trailers",
            End.FAILED,
            peer -> {
              peer.write(HEAD + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n");
              forever(peer, "X-" + MARK + ": a\r\n");
            }),
        row(
            "another transfer coding",
            End.FAILED,
            peer -> peer.write(HEAD + "Transfer-Encoding: gzip\r\n\r\n" + MARK)));
  }

  private static Arguments row(String what, End end, WireServer.Script script) {
    return arguments(what, end, script);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whatProvidersDo")
  void costsOneBoundedFailure(String what, End end, WireServer.Script script) throws Exception {
    try (WireServer hostile =
        new WireServer(peer -> {
          peer.read();
          script.serve(peer);
        })) {
      Deadline deadline = within(end == End.LATE ? SHORT : LONG);
      long begin = System.nanoTime();
      Exchange exchange =
          ENDPOINT.send(
              post(hostile.uri("/token"), "x=y"), deadline, Connection.REUSED, () -> true);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);

      assertThat(deadline.over()).isEqualTo(end == End.LATE);
      assertThat(took).isLessThan((end == End.LATE ? SHORT : LONG).plusSeconds(2));
      assertEnded(exchange, end);
      assertThat(hostile.requests()).hasSize(1);
    }
    assertServed();
  }

  private static void assertEnded(Exchange exchange, End end) {
    switch (exchange) {
      case Answered answered -> {
        assertThat(answered.extent().name()).isEqualTo(end.name());
        assertThat(answered.body().length).isLessThanOrEqualTo(MIB);
        assertThat(answered.toString()).hasSizeLessThan(80).doesNotContain(MARK);
      }
      case NoAnswer(String detail) -> {
        assertThat(end).isIn(End.FAILED, End.LATE);
        assertDetail(detail);
      }
      case NotSent(String detail) -> throw new AssertionError("not sent, " + detail);
    }
  }

  private static void assertDetail(String detail) {
    assertThat(detail)
        .startsWith("127.0.0.1: ")
        .hasSizeLessThan(80)
        .doesNotContain(MARK, "Exception");
  }

  private void assertServed() {
    assertThat(send(HONEST.uri("/token")))
        .isInstanceOfSatisfying(
            Answered.class, answered -> assertThat(answered.status()).isEqualTo(200));
  }

  private Exchange send(URI uri) {
    return ENDPOINT.send(post(uri, "x=y"), within(LONG), Connection.REUSED, () -> true);
  }

  static Stream<Arguments> certificatesOfOthers() {
    return Stream.of(
        arguments(
            "another name",
            AUTHORITY.server(new GeneralName(GeneralName.dNSName, "a.test"), Duration.ofDays(1)),
            "SSLHandshakeException"),
        arguments(
            "another address",
            AUTHORITY.server(
                new GeneralName(GeneralName.iPAddress, "127.0.0.2"), Duration.ofDays(1)),
            "SSLHandshakeException"),
        arguments(
            "expired",
            AUTHORITY.server(TestCertificates.loopback(), Duration.ofDays(-1)),
            "certificate expired or not yet valid"),
        arguments(
            "signed by itself",
            TestCertificates.selfSigned(TestCertificates.loopback()),
            "certificate not trusted"),
        arguments(
            "of another authority",
            new TestCertificates().server(TestCertificates.loopback(), Duration.ofDays(1)),
            "certificate not trusted"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("certificatesOfOthers")
  void nothingIsSentToAServerWithACertificateThatIsNotIts(
      String what, TestCertificates.Issued certificate, String why) throws Exception {
    try (WireServer hostile =
        WireServer.tls(AUTHORITY.serverTls(certificate), _ -> {}, WireServer.Peer::read)) {
      assertThat(send(hostile.https("/token")))
          .isEqualTo(new NotSent("127.0.0.1: TLS failed, " + why));
      assertThat(hostile.requests()).isEmpty();
    }
    assertServed();
  }

  @Test
  void aHandshakeThatDripsEndsAtTheDeadline() throws Exception {
    try (WireServer hostile = new WireServer(peer -> drip(peer, "\u0016"))) {
      Deadline deadline = within(SHORT);
      assertThat(
              ENDPOINT.send(
                  post(hostile.https("/"), "x=y"), deadline, Connection.REUSED, () -> true))
          .isInstanceOf(NotSent.class);
    }
    assertServed();
  }

  @Test
  void aNameThatLeadsToThisNetworkIsNotConnectedTo() throws Exception {
    try (TokenEndpoint strict = TestRequests.endpoint(ExchangerSettings.DEFAULT);
        WireServer hostile = WireServer.answering(_ -> OK)) {
      URI local = URI.create("https://localhost:" + hostile.uri("/").getPort() + "/");
      assertThat(strict.send(post(local, "x=y"), within(LONG), Connection.FRESH, () -> true))
          .isEqualTo(new NotSent("localhost: private address refused"));
      assertThat(hostile.peers()).isEmpty();
    }
  }

  @Test
  void whatIsLeftOfAnAnswerIsNeverTakenForTheNextOne() throws Exception {
    String foreign = WireServer.answer("200 OK", "{\"access_token\":\"" + MARK + "\"}");
    try (WireServer hostile =
        new WireServer(peer -> {
          peer.read();
          peer.write(OK + foreign);
          peer.read();
        })) {
      assertThat(send(hostile.uri("/"))).isInstanceOf(Answered.class);
      assertThat(send(hostile.uri("/")))
          .isEqualTo(new NotSent("127.0.0.1: bytes on a kept connection that nobody asked for"));
      assertThat(hostile.requests()).hasSize(1);
      assertThat(send(hostile.uri("/"))).isInstanceOf(Answered.class);
    }
  }

  @Test
  void whatComesWhileTheLastCheckTakesItsTimeIsNoAnswerEither() throws Exception {
    String foreign = WireServer.answer("200 OK", "{\"access_token\":\"" + MARK + "\"}");
    CountDownLatch checking = new CountDownLatch(1);
    CountDownLatch written = new CountDownLatch(1);
    try (WireServer hostile =
        new WireServer(peer -> {
          peer.read();
          peer.write(OK);
          await(checking);
          peer.write(foreign);
          written.countDown();
          peer.read();
        })) {
      assertThat(send(hostile.uri("/"))).isInstanceOf(Answered.class);
      BooleanSupplier slow =
          () -> {
            checking.countDown();
            return await(written);
          };
      assertThat(
              ENDPOINT.send(post(hostile.uri("/"), "x=y"), within(LONG), Connection.REUSED, slow))
          .isEqualTo(new NotSent("127.0.0.1: bytes on a kept connection that nobody asked for"));
      assertThat(hostile.requests()).hasSize(1);
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void aProviderThatWantsANonceAndIsHostileToo() throws Exception {
    String nonce = "HTTP/1.1 400 Bad\r\nDPoP-Nonce: n\r\nTransfer-Encoding: chunked\r\n\r\n";
    Secret key = ENDPOINT.newDpopKey();
    try (WireServer hostile =
        new WireServer(peer -> {
          peer.read();
          peer.write(nonce);
          forever(peer, "18\r\n{\"error\":\"use_dpop_nonce\r\n");
        })) {
      assertThat(
              ENDPOINT.send(
                  post(hostile.uri("/"), "x=y"), within(LONG), Connection.FRESH, key, () -> true))
          .isInstanceOfSatisfying(
              Answered.class, answered -> assertThat(answered.extent()).isEqualTo(Extent.OVERSIZE));
      assertThat(hostile.requests()).hasSize(1);
    }
  }

  /** Until the client has had enough, which is when writing fails. */
  private static void forever(WireServer.Peer peer, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    while (true) {
      peer.write(bytes);
    }
  }

  private static void drip(WireServer.Peer peer, String text) throws IOException {
    while (true) {
      peer.write(text);
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }

  private static WireServer.Script coded(String coding, byte[] body) {
    return peer -> {
      peer.write(
          HEAD + "Content-Encoding: " + coding + "\r\nContent-Length: " + body.length + "\r\n\r\n");
      peer.write(body);
      peer.closedByClient();
    };
  }

  private static byte[] members() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] empty = gzip(new byte[0]);
    while (bytes.size() + empty.length <= MIB) {
      bytes.writeBytes(empty);
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
