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
import java.util.function.BooleanSupplier;
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
  void whatDripsIsLetGoWithinTheHeadAndWithinTheBody() throws Exception {
    try (Client head = new Client();
        Client body = new Client()) {
      head.send(HEAD + "X-Slow: ");
      body.send(HEAD + "Content-Length: 8\r\n\r\n");
      areWaitedFor(2);
      for (int i = 1; i <= 3; i++) {
        pass(Duration.ofSeconds(10));
        head.drip();
        body.send("x");
        haveCome(i);
        areWaitedFor(2);
      }
      assertThat(head.isOpen()).isTrue();
      assertThat(body.isOpen()).isTrue();
      pass(Duration.ofSeconds(1));
      assertThat(head.isLetGo()).isTrue();
      assertThat(body.isLetGo()).isTrue();
    }
  }

  /** Twice as long as silence may be, and then as long again from the start. */
  @Test
  void aLongBodyThatComesMayTakeLongAndTheNextOneBeginsAnew() throws Exception {
    try (Client body = new Client()) {
      for (int request = 0; request < 2; request++) {
        body.send(HEAD + "Content-Length: 61440\r\n\r\n");
        areWaitedFor(1);
        for (int i = 1; i <= 6; i++) {
          pass(Duration.ofSeconds(10));
          body.send("x".repeat(10_240));
          if (i < 6) {
            haveCome(i * 10_240L);
            areWaitedFor(1);
          }
        }
        assertThat(body.answerWith(61_440)).startsWith("HTTP/1.1 200").endsWith("x");
      }
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
  private void areWaitedFor(long connections) throws InterruptedException {
    until(() -> patience.waitedFor() == connections);
  }

  /** Of the bodies that are read now. */
  private void haveCome(long bytes) throws InterruptedException {
    until(() -> patience.came() == bytes);
  }

  /** Or until the test's own time is over. */
  private static void until(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("never so");
      }
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

    /** All of it. */
    String answerWith(int body) throws IOException {
      socket.setSoTimeout(10_000);
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      while (answer.indexOf("\r\n\r\n") < 0) {
        answer.append(new String(in.readNBytes(1), ISO_8859_1));
      }
      return answer.append(new String(in.readNBytes(body), ISO_8859_1)).toString();
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
