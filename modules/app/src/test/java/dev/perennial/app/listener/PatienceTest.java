package dev.perennial.app.listener;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class PatienceTest {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final String HEAD = "POST / HTTP/1.1\r\nHost: localhost\r\n";

  private final AtomicLong nanos = new AtomicLong();
  private final Patience patience = new Patience(LONGEST, nanos::get);
  private final WebServer server =
      patience
          .over(WebServer.builder(), Http1Config.create())
          .host("127.0.0.1")
          .port(0)
          .shutdownHook(false)
          .routing(routing ->
              routing
                  .addFilter(patience)
                  .any((request, response) -> response.send(request.content().as(String.class))))
          .build()
          .start();

  @AfterEach
  void stop() {
    server.stop();
    patience.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POS",
        HEAD,
        HEAD + "X-Slow: ",
        HEAD + "Content-Length: 10\r\n\r\nhalf",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n10\r\nhalf"
      })
  void whoeverFallsSilentWithinARequestIsLetGo(String begun) throws Exception {
    try (Client client = new Client()) {
      client.send(begun);
      areWaitedFor(1);
      client.isServedNextTo();
      pass(LONGEST.minusSeconds(1));
      assertThat(client.isOpen()).isTrue();
      pass(Duration.ofSeconds(2));
      assertThat(client.isLetGo()).isTrue();
    }
  }

  @Test
  void aHeadThatDripsIsLetGoAndABodyThatDoesIsNot() throws Exception {
    try (Client head = new Client();
        Client body = new Client()) {
      head.send(HEAD + "X-Slow: ");
      body.send(HEAD + "Content-Length: 8\r\n\r\n");
      areWaitedFor(2);
      for (int i = 0; i < 4; i++) {
        head.isServedNextTo();
        pass(Duration.ofSeconds(10));
        body.send("x");
        head.drip();
      }
      assertThat(head.isLetGo()).isTrue();
      body.send("xxxx");
      assertThat(body.answer()).endsWith("xxxxxxxx");
    }
  }

  @Test
  void whoeverHasLeftIsNoHindrance() throws Exception {
    try (Client gone = new Client();
        Client client = new Client()) {
      gone.send(HEAD);
      client.send(HEAD);
      areWaitedFor(2);
      gone.leave();
      client.isServedNextTo();
      pass(LONGEST.plusSeconds(1));
      assertThat(client.isLetGo()).isTrue();
    }
  }

  @Test
  void betweenTwoRequestsItDoesNotCount() throws Exception {
    try (Client kept = new Client();
        Client fresh = new Client()) {
      kept.send(HEAD + "Content-Length: 3\r\n\r\none");
      assertThat(kept.answer()).endsWith("one");
      pass(LONGEST.multipliedBy(2));
      assertThat(kept.isOpen()).isTrue();
      kept.send(HEAD + "Content-Length: 3\r\n\r\ntwo");
      assertThat(kept.answer()).endsWith("two");
      fresh.send(HEAD + "Content-Length: 3\r\n\r\nnew");
      assertThat(fresh.answer()).endsWith("new");
    }
  }

  /** So many have sent something, and it has been read. */
  private void areWaitedFor(long connections) {
    while (patience.waitedFor() != connections) {
      Thread.onSpinWait();
    }
  }

  /** And the watch has looked by then. */
  private void pass(Duration time) throws Exception {
    nanos.addAndGet(time.toNanos());
    patience.looked();
  }

  private final class Client implements AutoCloseable {
    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());

    Client() throws IOException {
      socket.setSoTimeout(100);
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    void leave() throws IOException {
      socket.close();
    }

    void drip() {
      try {
        send("x");
      } catch (IOException e) {
        // let go
      }
    }

    void isServedNextTo() throws IOException {
      try (Client other = new Client()) {
        other.send(HEAD + "Content-Length: 4\r\n\r\nnext");
        assertThat(other.answer()).endsWith("next");
      }
    }

    String answer() throws IOException {
      socket.setSoTimeout(10_000);
      InputStream in = socket.getInputStream();
      byte[] first = in.readNBytes(1);
      return new String(first, StandardCharsets.ISO_8859_1)
          + new String(in.readNBytes(in.available()), StandardCharsets.ISO_8859_1);
    }

    boolean isOpen() throws IOException {
      socket.setSoTimeout(100);
      try {
        return socket.getInputStream().read() >= 0;
      } catch (java.net.SocketTimeoutException e) {
        return true;
      }
    }

    boolean isLetGo() throws IOException {
      socket.setSoTimeout(10_000);
      try {
        return socket.getInputStream().read() < 0;
      } catch (SocketException e) {
        return true;
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
