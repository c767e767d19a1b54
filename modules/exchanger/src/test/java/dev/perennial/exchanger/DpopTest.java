package dev.perennial.exchanger;

import static dev.perennial.exchanger.TestRequests.post;
import static dev.perennial.exchanger.TestRequests.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.Exchange.NoAnswer;
import dev.perennial.exchanger.Exchange.NotSent;
import dev.perennial.exchanger.TokenEndpoint.Connection;
import java.net.URI;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class DpopTest {
  private static final String OK = WireServer.answer("200 OK", "{\"access_token\":\"a\"}");
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  private final TokenEndpoint endpoint =
      new TokenEndpoint(
          ExchangerSettings.DEFAULT.withPrivateAddresses(null), () -> NOW, new SecureRandom());
  private final Secret key = endpoint.newDpopKey();

  @AfterEach
  void close() {
    endpoint.close();
  }

  @Test
  void aRequestCarriesAProofThatTheServerCanVerify() throws Exception {
    try (WireServer server = WireServer.answering(_ -> OK)) {
      send(post(server.uri("/token%2F?secret=s#part"), "x=y"));

      SignedJWT proof = proof(server.requests().getFirst());
      JWK shown = proof.getHeader().getJWK();
      JWTClaimsSet claims = proof.getJWTClaimsSet();
      assertThat(proof.getHeader().getType()).hasToString("dpop+jwt");
      assertThat(proof.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
      assertThat(shown.isPrivate()).isFalse();
      assertThat(shown.computeThumbprint())
          .isEqualTo(ECKey.parse(key.reveal()).computeThumbprint());
      assertThat(proof.verify(new ECDSAVerifier(shown.toECKey()))).isTrue();
      assertThat(claims.getStringClaim("htm")).isEqualTo("POST");
      assertThat(claims.getStringClaim("htu")).isEqualTo(server.uri("/token%2F").toString());
      assertThat(claims.getIssueTime()).isEqualTo(NOW);
      assertThat(claims.getJWTID()).hasSize(22);
      assertThat(claims.getClaims().keySet()).containsExactlyInAnyOrder("htm", "htu", "iat", "jti");
    }
  }

  @Test
  void everyRequestHasAProofOfItsOwnAndARequestWithoutAKeyHasNone() throws Exception {
    try (WireServer server = WireServer.answering(_ -> OK)) {
      for (int i = 0; i < 5; i++) {
        send(post(server.uri("/"), "x=y"));
      }
      Set<String> identifiers = new HashSet<>();
      for (String request : server.requests()) {
        identifiers.add(proof(request).getJWTClaimsSet().getJWTID());
      }
      assertThat(identifiers).hasSize(5);

      send(post(server.uri("/"), "x=y"), null);
      assertThat(server.requests().getLast()).doesNotContain("DPoP");
    }
  }

  @Test
  void aUrlWithoutAPathHasTheRootAsItsTarget() throws Exception {
    try (WireServer server = WireServer.answering(_ -> OK)) {
      send(post(URI.create(server.uri("").toString()), "x=y"));

      assertThat(proof(server.requests().getFirst()).getJWTClaimsSet().getStringClaim("htu"))
          .isEqualTo(server.uri("/").toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"400 Bad Request", "401 Unauthorized"})
  void anAnswerThatAsksForANonceIsFollowedByTheSameRequestWithIt(String status) throws Exception {
    try (WireServer server = asking(status, "n-1", "use_dpop_nonce")) {
      List<String> asked = new ArrayList<>();
      Exchange exchange =
          endpoint.send(
              post(server.uri("/"), "x=y"),
              within(Duration.ofSeconds(10)),
              Connection.FRESH,
              key,
              () -> asked.add("allowed?"));

      assertThat(status(exchange)).isEqualTo(200);
      assertThat(server.requests()).hasSize(2).allMatch(request -> request.endsWith("x=y"));
      assertThat(nonces(server)).containsExactly(null, "n-1");
      assertThat(asked).hasSize(2);
    }
  }

  @Test
  void theNonceIsRememberedForItsServerAndNoOther() throws Exception {
    try (WireServer server = asking("400 Bad", "n-1", "use_dpop_nonce");
        WireServer other = WireServer.answering(_ -> OK)) {
      send(post(server.uri("/"), "x=y"));
      send(post(server.uri("/elsewhere"), "x=y"), endpoint.newDpopKey());
      send(post(other.uri("/"), "x=y"));

      assertThat(nonces(server)).containsExactly(null, "n-1", "n-1");
      assertThat(nonces(other)).containsOnlyNulls();
    }
  }

  @Test
  void aNonceThatComesWithASuccessIsUsedNextTime() throws Exception {
    AtomicInteger count = new AtomicInteger();
    try (WireServer server =
        WireServer.answering(
            _ -> WireServer.answer("200 OK", "{}", "DPoP-Nonce: n-" + count.incrementAndGet()))) {
      send(post(server.uri("/"), "x=y"));
      send(post(server.uri("/"), "x=y"));
      send(post(server.uri("/"), "x=y"));

      assertThat(nonces(server)).containsExactly(null, "n-1", "n-2");
    }
  }

  @Test
  void aServerThatNeverHasEnoughIsAskedTwice() throws Exception {
    AtomicInteger count = new AtomicInteger();
    try (WireServer server =
        WireServer.answering(_ ->
            WireServer.answer(
                "400 Bad",
                "{\"error\":\"use_dpop_nonce\"}",
                "DPoP-Nonce: n-" + count.incrementAndGet()))) {
      assertThat(status(send(post(server.uri("/"), "x=y")))).isEqualTo(400);
      assertThat(nonces(server)).containsExactly(null, "n-1");
    }
  }

  @Test
  void aNonceThatWasGivenAlreadyIsNotTriedAgain() throws Exception {
    String same =
        WireServer.answer("400 Bad", "{\"error\":\"use_dpop_nonce\"}", "DPoP-Nonce: same");
    try (WireServer server = WireServer.answering(_ -> same)) {
      send(post(server.uri("/"), "x=y"));
      assertThat(server.requests()).hasSize(2);
      send(post(server.uri("/"), "x=y"));
      assertThat(server.requests()).hasSize(3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400 Bad, n-1, invalid_grant",
    "500 No, n-1, use_dpop_nonce",
    "403 No, n-1, use_dpop_nonce",
    "200 OK, n-1, use_dpop_nonce",
    "400 Bad, with space, use_dpop_nonce",
    "400 Bad, '', use_dpop_nonce",
    "400 Bad, with\"quote, use_dpop_nonce"
  })
  void noOtherAnswerIsFollowedByAnotherRequest(String status, String nonce, String error)
      throws Exception {
    try (WireServer server = asking(status, nonce, error)) {
      assertThat(status(send(post(server.uri("/"), "x=y"))))
          .isEqualTo(Integer.parseInt(status.substring(0, 3)));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aNonceOfUnboundedLengthIsNoNonce() throws Exception {
    try (WireServer server = asking("400 Bad", "n".repeat(1025), "use_dpop_nonce")) {
      assertThat(status(send(post(server.uri("/"), "x=y")))).isEqualTo(400);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void theSecondRequestKeepsToTheDeadlineOfTheFirst() throws Exception {
    try (WireServer server =
        new WireServer(peer -> {
          peer.read();
          peer.write(
              WireServer.answer("400 Bad", "{\"error\":\"use_dpop_nonce\"}", "DPoP-Nonce: n"));
          peer.read();
          peer.closedByClient();
        })) {
      Exchange exchange =
          endpoint.send(
              post(server.uri("/"), "x=y"),
              within(Duration.ofMillis(400)),
              Connection.REUSED,
              key,
              () -> true);

      assertThat(exchange).isEqualTo(new NoAnswer("127.0.0.1: deadline of 400 ms over"));
      assertThat(server.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no key",
        "{\"kty\":\"EC\"}",
        "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\",\"d\":\"AAAA\"}"
      })
  void aKeyThatIsNoneIsNotSentAndNotShown(String text) throws Exception {
    assertUnusable(text);
  }

  @Test
  void aKeyOnAnotherCurveOrWithoutItsPrivatePartIsNotSent() throws Exception {
    assertUnusable(new ECKeyGenerator(Curve.P_384).generate().toJSONString());
    assertUnusable(ECKey.parse(key.reveal()).toPublicJWK().toJSONString());
  }

  private void assertUnusable(String text) throws Exception {
    try (WireServer server = WireServer.answering(_ -> OK)) {
      assertThat(send(post(server.uri("/"), "x=y"), Secret.of(text)))
          .isEqualTo(new NotSent("127.0.0.1: the DPoP key is no private JWK on P-256"));
      assertThat(server.peers()).isEmpty();
    }
  }

  @Test
  void everyKeyIsAnother() {
    assertThat(endpoint.newDpopKey()).isNotEqualTo(key);
    assertThat(key).hasToString("***");
  }

  @Test
  void onlyTheNoncesOfTheServersHeardOfLastAreKept() {
    DpopNonces nonces = new DpopNonces(2);
    Function<Integer, Origin> origin = port -> new Origin("https", "p.test", port);
    nonces.heard(origin.apply(1), "one");
    nonces.heard(origin.apply(2), "two");
    assertThat(nonces.of(origin.apply(1))).isEqualTo("one");
    nonces.heard(origin.apply(3), "three");

    assertThat(nonces.of(origin.apply(1))).isEqualTo("one");
    assertThat(nonces.of(origin.apply(2))).isNull();
    assertThat(nonces.of(origin.apply(3))).isEqualTo("three");
  }

  /** Asks for this nonce where there is none, and is content otherwise. */
  private static WireServer asking(String status, String nonce, String error) {
    return WireServer.answering(request ->
        nonce.equals(nonceIn(request))
            ? OK
            : WireServer.answer(status, "{\"error\":\"" + error + "\"}", "DPoP-Nonce: " + nonce));
  }

  private static List<@Nullable String> nonces(WireServer server) {
    List<@Nullable String> nonces = new ArrayList<>();
    server.requests().forEach(request -> nonces.add(nonceIn(request)));
    return nonces;
  }

  private static @Nullable String nonceIn(String request) {
    try {
      return proof(request).getJWTClaimsSet().getStringClaim("nonce");
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SignedJWT proof(String request) throws ParseException {
    List<String> proofs =
        request
            .lines()
            .filter(line -> line.startsWith("DPoP: "))
            .map(line -> line.substring("DPoP: ".length()))
            .toList();
    assertThat(proofs).hasSize(1);
    return SignedJWT.parse(proofs.getFirst());
  }

  private static int status(Exchange exchange) {
    assertThat(exchange).isInstanceOf(Answered.class);
    return ((Answered) exchange).status();
  }

  private Exchange send(TokenRequest request) {
    return send(request, key);
  }

  private Exchange send(TokenRequest request, @Nullable Secret dpopKey) {
    return endpoint.send(
        request, within(Duration.ofSeconds(10)), Connection.REUSED, dpopKey, () -> true);
  }
}
