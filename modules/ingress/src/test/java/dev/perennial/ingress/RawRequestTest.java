package dev.perennial.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Secret;
import dev.perennial.domain.event.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests as browsers and worse really write them, which a well-behaved client cannot. */
class RawRequestTest {
  private final Ingress ingress = new Ingress(Ingress.OPEN, TestIntegration.plain("google"));
  private final Browser browser = new Browser(ingress);

  @AfterEach
  void stop() {
    ingress.close();
  }

  /** Sends the request line and headers as they are; gives everything that came back. */
  private String send(String requestLine, String... headers) {
    String request =
        requestLine + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ingress.port())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void takesACodeWithCharactersThatBrowsersDoNotEncode() {
    String state = browser.begin("/connect/google");
    String answer =
        send(
            "GET /callback/google?code=4/0|a[b]{c}^`'&state=" + state,
            "Cookie: " + browser.cookie + "\r\n");

    assertThat(answer).startsWith("HTTP/1.1 303");
    assertThat(ingress.open(ingress.publisher.only(Event.CodeReceived.class).sealed()).code())
        .isEqualTo(Secret.of("4/0|a[b]{c}^`'"));
  }

  @Test
  void refusesAQueryThatCannotBeDecoded() {
    assertThat(send("GET /callback/google?code=%zz&state=x"))
        .startsWith("HTTP/1.1 400")
        .contains("cannot be read");
  }

  @Test
  void neverShowsWhatItCannotRead() {
    for (String line :
        new String[] {
          "GET /callback/%zz?code=planted",
          "GET /callback/google?code=planted planted",
          "GET /callback/google?code=planted" + "c".repeat(50_000),
          "G<b>T /callback/google?code=planted",
          "GET /callback/google\u00e9?code=planted"
        }) {
      assertThat(send(line)).containsPattern("^HTTP/1.1 [45]").doesNotContain("planted", "<b>");
    }
  }

  @Test
  void answersHeadWithoutABody() {
    for (String path : new String[] {"/", "/nothing", "/connect/google", "/callback/google"}) {
      assertThat(send("HEAD " + path)).contains("Content-Security-Policy").endsWith("\r\n\r\n");
    }
  }

  @Test
  void aContentTypeThatIsNoneIsNoForm() {
    assertThat(send("POST /callback/google", "Content-Type: %%%\r\nContent-Length: 0\r\n"))
        .startsWith("HTTP/1.1 415");
  }

  @Test
  void aCookieThatIsNoneIsNoBinding() {
    String state = browser.begin("/connect/google");

    assertThat(send("GET /callback/google?code=c&state=" + state, "Cookie: =;;a;perennial\r\n"))
        .startsWith("HTTP/1.1 403");
  }
}
