package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.domain.ConnectionKey;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What anybody who reaches a listener can make it hold: connections, time and memory. */
@ExtendWith(ServersExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListenerLimitsTest {
  private static final int CONNECTIONS = 10;
  private static final Duration SOON = Duration.ofSeconds(10);

  /** Half a minute within a request, a minute without one, and what a busy machine adds. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private static final Duration IDLE = Duration.ofSeconds(85);

  private static final Duration NOT_YET = Duration.ofMillis(500);

  /** A client gives up much later than a server that reads nothing of it. */
  private static final long ENDLESS = 256L << 20;

  /** What the two sides' sockets hold, and what a limit lets through. */
  private static final long BOUNDED = 32L << 20;

  private static final String ADMIN = "Authorization: Bearer " + Installed.ADMIN_TOKEN + "\r\n";

  private Installed installed;
  private Node node;
  private Site site;

  enum Listener {
    PUBLIC("/callback/acme", "application/x-www-form-urlencoded", ""),
    ADMIN("/v1/connect-sessions", "application/json", ListenerLimitsTest.ADMIN);

    private final String path;
    private final String type;
    private final String headers;

    Listener(String path, String type, String headers) {
      this.path = path;
      this.type = type;
      this.headers = headers;
    }

    String post(String framing) {
      return "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: %s\r\n%s\r\n\r\n"
          .formatted(path, headers, type, framing);
    }
  }

  @BeforeAll
  void start(Servers servers) {
    site = new Site();
    installed =
        Installed.on(servers)
            .flag("admin.max-connections", Integer.toString(CONNECTIONS))
            .flag("public.max-connections", Integer.toString(CONNECTIONS))
            .definition("acme", Definitions.of(site.at("/authorize"), site.at("/token"), "mail"))
            .variable("PERENNIAL_ACME_CLIENT_ID", "client")
            .variable("PERENNIAL_ACME_CLIENT_SECRET", "client-secret-11f2")
            .build();
    node = installed.node(EnumSet.of(Role.INGRESS, Role.CREDENTIALS));
  }

  @AfterAll
  void stop() {
    installed.close();
    site.close();
  }

  private int port(Listener listener) {
    return switch (listener) {
      case PUBLIC -> node.publicPort();
      case ADMIN -> node.adminPort();
    };
  }

  private RawClient client(Listener listener) {
    return new RawClient(port(listener));
  }

  private static final String LIVE = "/health/live";

  private static String page(Listener listener) {
    return listener == Listener.PUBLIC ? "/callback/acme" : LIVE;
  }

  /** All at once, for each takes its time. */
  @Test
  void whoeverFallsSilentIsLetGo() {
    Map<String, RawClient> silent = new LinkedHashMap<>();
    Map<String, RawClient> idle = new LinkedHashMap<>();
    for (Listener listener : Listener.values()) {
      idle.put(listener + " connected", client(listener));
      RawClient kept = client(listener);
      assertThat(kept.get(page(listener), SOON)).startsWith("HTTP/1.1");
      idle.put(listener + " after a request", kept);
      silent.put(listener + " in the request line", client(listener).send("GET /cal"));
      silent.put(
          listener + " in the headers",
          client(listener).send("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));
      RawClient dripping = client(listener).send("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
      silent.put(listener + " byte by byte", dripping);
      Thread.ofVirtual().start(() -> drip(dripping));
      silent.put(
          listener + " in the body",
          client(listener).send(listener.post("Content-Length: 100")).send("code="));
      silent.put(
          listener + " in a chunk",
          client(listener).send(listener.post("Transfer-Encoding: chunked")).send("10\r\nhalf"));
    }
    long began = System.nanoTime();
    closed(silent, SILENCE, began);
    closed(idle, IDLE, began);
    for (Listener listener : Listener.values()) {
      try (RawClient next = client(listener)) {
        assertThat(next.get(page(listener), SOON)).startsWith("HTTP/1.1");
      }
    }
  }

  private static void drip(RawClient client) {
    try {
      for (int i = 0; i < 60; i++) {
        client.send("x");
        Thread.sleep(Duration.ofSeconds(1)); // as slowly as such clients are
      }
    } catch (UncheckedIOException | InterruptedException e) {
      // let go
    }
  }

  private static void closed(Map<String, RawClient> clients, Duration most, long began) {
    List<String> open = new ArrayList<>();
    clients.forEach((what, client) -> {
      Duration left = most.minusNanos(System.nanoTime() - began);
      if (!client.isClosedWithin(left.isPositive() ? left : Duration.ofMillis(1))) {
        open.add(what);
      }
      client.close();
    });
    assertThat(open).as("still open after " + most.toSeconds() + " s").isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void oneConnectionTooManyWaitsUntilAnotherCloses(Listener listener) {
    List<RawClient> open = new ArrayList<>();
    IntStream.range(0, CONNECTIONS).forEach(_ -> open.add(client(listener)));
    try (RawClient late = client(listener)) {
      open.forEach(client -> assertThat(client.get(page(listener), SOON)).startsWith("HTTP/1.1"));
      assertThat(late.get(page(listener), NOT_YET)).isEqualTo("silence");

      open.removeFirst().close();
      assertThat(late.line(SOON)).startsWith("HTTP/1.1");
    } finally {
      open.forEach(RawClient::close);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatIsSaidToBeTooLongIsNotReadAndAnEndlessOneIsCut(Listener listener) {
    try (RawClient said = client(listener)) {
      said.send(listener.post("Content-Length: 1099511627776"));
      said.sendEndlessly(2 << 20);
      assertThat(said.line(SOON)).contains("413");
    }
    try (RawClient endless = client(listener)) {
      endless.send(listener.post("Transfer-Encoding: chunked"));
      assertThat(endless.sendEndlessly(ENDLESS)).isLessThan(BOUNDED);
    }
  }

  /** Streams of any length are for callers who may import. */
  @Test
  void whoMayNotImportCannotSendForEver() {
    try (RawClient stranger = client(Listener.ADMIN)) {
      stranger.send(
          "POST /v1/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      assertThat(stranger.sendEndlessly(ENDLESS)).isLessThan(BOUNDED);
    }
  }

  @Test
  void headersAreBounded() {
    for (Listener listener : Listener.values()) {
      try (RawClient client = client(listener)) {
        client.send("GET " + page(listener) + " HTTP/1.1\r\nHost: localhost\r\n");
        client.send("X-Long: " + "x".repeat(64 << 10) + "\r\n\r\n");
        assertThat(client.line(SOON)).matches("HTTP/1.1 4.*|closed");
      }
      try (RawClient client = client(listener)) {
        client.send("GET /" + "x".repeat(64 << 10) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(client.line(SOON)).matches("HTTP/1.1 4.*|closed");
      }
    }
    assertThat(
            installed
                .admin(node.adminPort(), "GET", ConnectionKey.parse("acme/nobody"), "")
                .statusCode())
        .isEqualTo(404);
  }
}
