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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class TokenEndpointGuardTest {
  private static final String OK = WireServer.answer("200 OK", "{\"access_token\":\"a\"}");

  private final TokenEndpoint endpoint = TestRequests.endpoint();

  @AfterEach
  void close() {
    endpoint.close();
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
  void privateAddressesAndPlainHttpAreRefusedUnlessAllowed() throws Exception {
    try (TokenEndpoint strict = TestRequests.endpoint(ExchangerSettings.DEFAULT);
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
  void theProxyOfTheEnvironmentIsNotAsked() throws Exception {
    ProxySelector before = ProxySelector.getDefault();
    try (WireServer server = WireServer.answering(_ -> OK);
        WireServer proxy = WireServer.answering(_ -> OK)) {
      ProxySelector.setDefault(
          ProxySelector.of(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.uri("/").getPort())));

      send(post(server.uri("/"), "x=y"));

      assertThat(server.requests()).hasSize(1);
      assertThat(proxy.peers()).isEmpty();
    } finally {
      ProxySelector.setDefault(before);
    }
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
  void aCertificateThatNobodyVouchesForIsNotSentTo(@TempDir Path directory) throws Exception {
    try (SSLServerSocket server = selfSigned(directory)) {
      Thread.startVirtualThread(() -> shakeHands(server));

      assertThat(send(post(URI.create("https://127.0.0.1:" + server.getLocalPort() + "/"), "x=y")))
          .isEqualTo(new NotSent("127.0.0.1: TLS failed, certificate not trusted"));
    }
  }

  private static void shakeHands(SSLServerSocket server) {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
    } catch (IOException e) {
      // As it should be.
    }
  }

  private static SSLServerSocket selfSigned(Path directory) throws Exception {
    Path store = directory.resolve("server.p12");
    List<String> command =
        List.of(
            System.getProperty("java.home") + "/bin/keytool",
            "-genkeypair",
            "-alias",
            "self",
            "-keyalg",
            "EC",
            "-dname",
            "CN=127.0.0.1",
            "-ext",
            "san=ip:127.0.0.1",
            "-storepass",
            "password",
            "-keystore",
            store.toString());
    Process keytool = new ProcessBuilder(command).inheritIO().start();
    assertThat(keytool.waitFor(10, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, "password".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return (SSLServerSocket)
        context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
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
