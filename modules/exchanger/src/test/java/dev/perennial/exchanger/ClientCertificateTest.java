package dev.perennial.exchanger;

import static dev.perennial.exchanger.TestRequests.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ClientCertificate;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.Exchange.NotSent;
import dev.perennial.exchanger.TokenEndpoint.Connection;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Against a server that asks for a certificate and answers with the name it was shown. */
@Timeout(30)
class ClientCertificateTest {
  private static final TestCertificates AUTHORITY = new TestCertificates();
  private static final TestCertificates.Issued SERVER =
      AUTHORITY.server(TestCertificates.loopback(), Duration.ofDays(1));

  private static final TestCertificates.Issued ACME = AUTHORITY.client("acme", "RSA");
  private static final TestCertificates.Issued OTHER = AUTHORITY.client("other", "EC");

  private final TokenEndpoint endpoint =
      new TokenEndpoint(
          ExchangerSettings.DEFAULT.withPrivateAddresses(null),
          InstantSource.system(),
          new SecureRandom(),
          AUTHORITY.trusting());

  @AfterEach
  void close() {
    endpoint.close();
  }

  @ParameterizedTest
  @CsvSource({"RSA, TLSv1.2", "RSA, TLSv1.3", "EC, TLSv1.2", "EC, TLSv1.3"})
  void theServerSeesTheCertificate(String algorithm, String protocol) throws Exception {
    try (WireServer server = naming(true, protocol)) {
      Exchange exchange =
          send(server, (algorithm.equals("RSA") ? ACME : OTHER).pem(), Connection.FRESH);

      assertThat(name(exchange)).isEqualTo(algorithm.equals("RSA") ? "CN=acme" : "CN=other");
    }
  }

  @Test
  void aServerThatNeedsOneIsNotAnsweredWithoutIt() throws Exception {
    try (WireServer server = naming(true, "TLSv1.2")) {
      assertThat(send(server, null, Connection.REUSED)).isInstanceOf(NotSent.class);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aCertificateSignedByItselfIsShownThoughTheServerNamesOtherIssuers() throws Exception {
    ClientCertificate own = TestCertificates.selfSigned(TestCertificates.loopback()).pem();
    try (WireServer server =
        WireServer.tls(
            AUTHORITY.credulousTls(SERVER),
            socket -> {
              socket.setNeedClientAuth(true);
              socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            },
            ClientCertificateTest::answer)) {
      assertThat(name(send(server, own, Connection.FRESH))).isEqualTo("CN=Self");
    }
  }

  @ParameterizedTest
  @EnumSource(Connection.class)
  void connectionsOfTwoCertificatesAndOfNoneDoNotMix(Connection connection) throws Exception {
    try (WireServer server = naming(false, "TLSv1.3")) {
      for (int round = 0; round < 3; round++) {
        assertThat(name(send(server, ACME.pem(), connection))).isEqualTo("CN=acme");
        assertThat(name(send(server, OTHER.pem(), connection))).isEqualTo("CN=other");
        assertThat(name(send(server, null, connection))).isEqualTo("nobody");
      }
      assertThat(server.peers()).hasSize(connection == Connection.REUSED ? 3 : 9);
    }
  }

  @Test
  void theSameCertificateWithAnotherKeyIsAnotherClient() throws Exception {
    try (WireServer server = naming(false, "TLSv1.3")) {
      assertThat(name(send(server, ACME.pem(), Connection.REUSED))).isEqualTo("CN=acme");
      ClientCertificate mixed = new ClientCertificate(ACME.pem().certificate(), OTHER.pem().key());
      assertThat(send(server, mixed, Connection.REUSED))
          .isEqualTo(notSent("has a private key that is no RSA key"));
    }
  }

  @Test
  void aChainIsShownWhole() throws Exception {
    ClientCertificate chain =
        new ClientCertificate(
            "a comment\n" + ACME.pem().certificate() + "\n" + SERVER.pem().certificate(),
            ACME.pem().key());

    assertThat(ClientIdentity.read(chain).getCertificateChain("client")).hasSize(2);
  }

  @Test
  void whatCannotBeReadIsNotSentAndSaysWhatWithoutAnyOfIt() throws Exception {
    ClientCertificate good = ACME.pem();
    String key = good.key().reveal();
    ClientCertificate another = AUTHORITY.client("another", "RSA").pem();
    try (WireServer server = naming(false, "TLSv1.3")) {
      assertNotSent(server, "", key, "is no PEM certificate");
      assertNotSent(server, "garbage", key, "is no PEM certificate");
      assertNotSent(server, key, key, "is no PEM certificate");
      assertNotSent(server, good.certificate().replace('A', '*'), key, "is no PEM certificate");
      assertNotSent(server, "x".repeat(70_000), key, "is too long");
      String notPkcs8 = "has a private key that is not PEM, PKCS #8, unencrypted";
      assertNotSent(server, good.certificate(), "", notPkcs8);
      assertNotSent(server, good.certificate(), key.replace("PRIVATE", "RSA PRIVATE"), notPkcs8);
      assertNotSent(
          server, good.certificate(), key.replace("PRIVATE", "ENCRYPTED PRIVATE"), notPkcs8);
      assertNotSent(server, good.certificate(), key + "x".repeat(1 << 16), notPkcs8);
      assertNotSent(
          server,
          good.certificate(),
          key.substring(0, 200) + "\n-----END PRIVATE KEY-----",
          "has a private key that is no RSA key");
      assertNotSent(
          server, good.certificate(), another.key().reveal(), "is for another private key");
      assertThat(server.peers()).isEmpty();
    }
  }

  @Test
  void whatFallsOutOfTheCacheServesItsCallsToTheirEnd() throws Exception {
    ClientsByCertificate cache =
        new ClientsByCertificate(
            identity -> new Clients(ExchangerSettings.DEFAULT, null, identity), 1);
    ClientsByCertificate.Shared first = cache.acquire(ACME.pem());
    ClientsByCertificate.Shared second = cache.acquire(OTHER.pem());

    assertThat(cache.acquire(OTHER.pem())).isSameAs(second);
    assertThat(closed(first)).isFalse();
    cache.release(first);
    assertThat(closed(first)).isTrue();
    assertThat(cache.acquire(ACME.pem())).isNotSameAs(first);
    assertThat(closed(second)).isFalse();

    cache.close();
    assertThat(closed(second)).isTrue();
    assertThatThrownBy(() -> cache.acquire(ACME.pem()))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void aTrustStoreThatCannotBeUsedIsSaidToWhoeverWaitsForItAndToNobodyElse() throws Exception {
    IllegalStateException unusable = new IllegalStateException("TLS of this JDK");
    ClientsByCertificate cache =
        new ClientsByCertificate(
            identity -> {
              if (identity == null) {
                throw unusable;
              }
              return new Clients(ExchangerSettings.DEFAULT, null, identity);
            },
            1);

    assertThatThrownBy(cache::plain).isSameAs(unusable);
    assertThatThrownBy(() -> cache.acquire(null)).isSameAs(unusable);
    cache.release(cache.acquire(ACME.pem()));
    cache.close();
  }

  /** Closed clients have no connection to give. */
  private static boolean closed(ClientsByCertificate.Shared shared) throws IOException {
    try {
      HttpGet request = new HttpGet(TestRequests.nobodyListens());
      shared.clients().of(Connection.REUSED).executeOpen(null, request, null).close();
      throw new AssertionError("nobody listens");
    } catch (UnknownHostException | ConnectException e) {
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private void assertNotSent(WireServer server, String certificate, String key, String what) {
    ClientCertificate pem = new ClientCertificate(certificate, Secret.of(key));
    assertThat(send(server, pem, Connection.REUSED)).isEqualTo(notSent(what));
  }

  private static NotSent notSent(String what) {
    return new NotSent("127.0.0.1: the client certificate " + what);
  }

  private static WireServer naming(boolean required, String protocol) {
    return WireServer.tls(
        AUTHORITY.serverTls(SERVER),
        socket -> {
          socket.setEnabledProtocols(new String[] {protocol});
          if (required) {
            socket.setNeedClientAuth(true);
          } else {
            socket.setWantClientAuth(true);
          }
        },
        ClientCertificateTest::answer);
  }

  private static void answer(WireServer.Peer peer) throws IOException {
    while (peer.read() != null) {
      peer.write(WireServer.answer("200 OK", name(peer.session())));
    }
  }

  private static String name(SSLSession session) {
    try {
      return session.getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return "nobody";
    }
  }

  private static String name(Exchange exchange) {
    assertThat(exchange).isInstanceOf(Answered.class);
    return new String(((Answered) exchange).body(), StandardCharsets.UTF_8);
  }

  private Exchange send(
      WireServer server, @Nullable ClientCertificate certificate, Connection connection) {
    TokenRequest request =
        new TokenRequest("POST", server.https("/token"), List.of(), null, Set.of(), certificate);
    return endpoint.send(request, within(Duration.ofSeconds(10)), connection, () -> true);
  }
}
