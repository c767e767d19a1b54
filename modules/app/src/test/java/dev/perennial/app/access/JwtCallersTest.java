package dev.perennial.app.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.perennial.domain.Secret;
import dev.perennial.domain.UnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Real keys, real signatures, an issuer over real HTTP. */
class JwtCallersTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final RSAKey RSA = rsa("rsa", 2048);

  /** Another key under the same name. */
  private static final RSAKey FORGED = rsa("rsa", 2048);

  private final FakeIssuer issuer = new FakeIssuer();
  private final AtomicLong nanos = new AtomicLong();
  private final Map<String, @Nullable Object> claims = new LinkedHashMap<>();
  private final JwtCallers callers = callers(Optional.empty());

  JwtCallersTest() {
    issuer.keys = new JWKSet(RSA);
    claims.put("iss", issuer.uri().toString());
    claims.put("aud", "perennial");
    claims.put("exp", NOW.getEpochSecond() + 300);
    claims.put("client_id", "pipeline");
    claims.put("scope", "openid connections:read credentials:read");
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  @Test
  void aGoodTokenIsItsClientWithItsScopes() throws Exception {
    assertThat(find(signed(RSA)))
        .isEqualTo(
            new Caller(
                "jwt pipeline",
                Set.of(Scope.CONNECTIONS_READ, Scope.CREDENTIALS_READ),
                Optional.empty()));

    claims.put("aud", List.of("other", "perennial"));
    claims.remove("scope");
    claims.put("scp", List.of("admin", "unheard-of"));
    claims.put("perennial_integrations", List.of("google"));
    claims.remove("client_id");
    claims.put("sub", "some\nbody");
    assertThat(find(signed(RSA)))
        .isEqualTo(new Caller("jwt some?body", Set.of(Scope.ADMIN), Optional.of(Set.of("google"))));
  }

  @Test
  void everyAlgorithmOfAPublicKeyIsTaken() throws Exception {
    List<JWK> keys = new ArrayList<>(List.of(RSA));
    for (Curve curve : List.of(Curve.P_256, Curve.P_384, Curve.P_521)) {
      keys.add(new ECKeyGenerator(curve).keyID(curve.getName()).generate());
    }
    keys.add(new OctetKeyPairGenerator(Curve.Ed25519).keyID("ed").generate());
    issuer.keys = new JWKSet(keys);

    for (JWK key : keys.subList(1, keys.size())) {
      assertThat(find(signed(key))).as(key.getKeyID()).isInstanceOf(Caller.class);
    }
    for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.RS512, JWSAlgorithm.PS256)) {
      String token = token(header(algorithm).keyID("rsa"), new RSASSASigner(RSA));
      assertThat(find(token)).as(algorithm.getName()).isInstanceOf(Caller.class);
    }
    assertThat(find(token(header(JWSAlgorithm.RS256), new RSASSASigner(RSA))))
        .as("without kid")
        .isInstanceOf(Caller.class);
  }

  @Test
  void aTokenIsGoodWithinAMinuteOfItsTimes() throws Exception {
    claims.put("exp", NOW.getEpochSecond() - 59);
    claims.put("nbf", NOW.getEpochSecond() + 60);
    assertThat(find(signed(RSA))).isInstanceOf(Caller.class);

    claims.put("exp", NOW.getEpochSecond() - 60);
    assertThat(why(signed(RSA))).isEqualTo("This token expired (exp).");
    claims.put("exp", NOW.getEpochSecond() + 300);
    claims.put("nbf", NOW.getEpochSecond() + 61);
    assertThat(why(signed(RSA))).contains("not good yet");
    claims.put("nbf", "soon");
    assertThat(why(signed(RSA))).contains("not good yet");
  }

  @Test
  void aTokenOfOrForOthersIsRefused() throws Exception {
    claims.put("aud", "another-api");
    assertThat(why(signed(RSA))).contains("aud lacks");
    claims.remove("aud");
    assertThat(why(signed(RSA))).contains("aud lacks");
    claims.put("aud", "perennial");
    claims.put("iss", issuer.uri() + "/");
    assertThat(why(signed(RSA))).contains("another issuer");
  }

  @Test
  void aTokenWithoutAnEndOrWithALimitThatCannotBeReadIsRefused() throws Exception {
    for (Object limit : List.of("google", List.of(1), Map.of())) {
      claims.put("perennial_integrations", limit);
      assertThat(why(signed(RSA))).contains("no array of integrations");
    }
    claims.put("perennial_integrations", null);
    assertThat(why(signed(RSA))).contains("no array of integrations");
    claims.remove("perennial_integrations");
    claims.remove("exp");
    assertThat(why(signed(RSA))).contains("has no end");
  }

  @Test
  void noneAndSharedSecretsAreNoSignatures() throws Exception {
    String none = Base64URL.encode("{\"alg\":\"none\"}") + "." + payload().toBase64URL() + ".";
    byte[] publicKey = RSA.toRSAPublicKey().getEncoded();
    String mac = token(header(JWSAlgorithm.HS256).keyID("rsa"), new MACSigner(publicKey));

    assertThat(why(none)).contains("no signed JWT");
    assertThat(why(none + "AAAA")).contains("no signed JWT");
    assertThat(why(mac)).contains("not signed with a private key");
    assertThat(issuer.fetched.get()).isZero();
  }

  @Test
  void aTokenThatWasChangedOrSignedByAnotherIsRefused() throws Exception {
    String good = signed(RSA);
    claims.put("scope", "admin");
    String header = good.substring(0, good.indexOf('.'));
    String signature = good.substring(good.lastIndexOf('.'));

    assertThat(why(header + "." + payload().toBase64URL() + signature))
        .contains("signature of this token is wrong");
    assertThat(why(good.substring(0, good.length() - signature.length() + 1)))
        .isNotEqualTo("known");
    assertThat(why(signed(FORGED))).contains("signature of this token is wrong");
    assertThat(
            why(
                token(
                    header(JWSAlgorithm.RS256).jwk(FORGED.toPublicJWK()).keyID("rsa"),
                    new RSASSASigner(FORGED))))
        .contains("signature of this token is wrong");
    assertThat(
            why(
                token(
                    header(JWSAlgorithm.RS256)
                        .keyID("rsa")
                        .criticalParams(Set.of("x"))
                        .customParam("x", 1),
                    new RSASSASigner(RSA))))
        .contains("signature of this token is wrong");
    assertThat(
            why(
                token(
                    header(JWSAlgorithm.RS256).keyID("rsa").type(new JOSEObjectType("logout+jwt")),
                    new RSASSASigner(RSA))))
        .contains("typ");
  }

  @Test
  void aRotatedKeyIsFetchedAndAnUnknownOneAskedForOnceInHalfAMinute() throws Exception {
    assertThat(find(signed(RSA))).isInstanceOf(Caller.class);
    RSAKey next = rsa("next", 2048);
    issuer.keys = new JWKSet(next);

    nanos.addAndGet(Duration.ofSeconds(29).toNanos());
    assertThat(why(signed(next))).contains("key that its issuer does not have");
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(find(signed(next))).isInstanceOf(Caller.class);
    assertThat(why(signed(RSA))).contains("key that its issuer does not have");
    String unknown = token(header(JWSAlgorithm.RS256).keyID("unknown"), new RSASSASigner(RSA));
    for (int i = 0; i < 50; i++) {
      assertThat(why(unknown)).contains("does not have");
    }
    assertThat(issuer.fetched.get()).isEqualTo(2);
  }

  @Test
  void keysAreFetchedAnewEachHourAndKeptWhereTheyCannotBe() throws Exception {
    assertThat(find(signed(RSA))).isInstanceOf(Caller.class);
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    issuer.status = 500;
    assertThat(find(signed(RSA))).isInstanceOf(Caller.class);

    issuer.status = 200;
    issuer.keys = new JWKSet();
    assertThat(find(signed(RSA))).isInstanceOf(Caller.class);
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(why(signed(RSA))).contains("does not have");
  }

  @Test
  void anIssuerThatIsAwayIsNoReasonToRefuse() throws Exception {
    issuer.status = 503;
    assertThatThrownBy(() -> find(signed(RSA)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining(issuer.uri().toString());
    issuer.status = 200;
    assertThatThrownBy(() -> find(signed(RSA))).isInstanceOf(UnavailableException.class);
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(find(signed(RSA))).isInstanceOf(Caller.class);
  }

  @Test
  void keysAreFoundByEitherMetadataOrWhereTheConfigurationSays() throws Exception {
    issuer.openIdOnly = true;
    assertThat(find(signed(RSA))).isInstanceOf(Caller.class);

    issuer.metadataIssuer = "https://somebody.else";
    assertThatThrownBy(() -> callers(Optional.empty()).find(Secret.of(signed(RSA))))
        .isInstanceOf(UnavailableException.class);
    assertThat(callers(Optional.of(issuer.uri().resolve("/keys"))).find(Secret.of(signed(RSA))))
        .isInstanceOf(Caller.class);
  }

  /** What stands behind them is a server of this machine that must not be asked. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:%d/keys",
        "https://localhost:%d/keys",
        "https://[::1]:%d/keys",
        "https://[::ffff:127.0.0.1]:%d/keys",
        "https://10.0.0.1/keys",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00:ec2::254]/latest/meta-data"
      })
  void metadataDoNotLeadIntoThisNetwork(String address) throws Exception {
    try (ServerSocket inside = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      inside.setSoTimeout(1);
      issuer.jwksUri = address.formatted(inside.getLocalPort());

      assertThatThrownBy(issuerKeys(Optional.empty())::fetch)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("private address refused")
          .hasMessageContaining("set admin.jwt.jwks-uri");
      assertThatThrownBy(inside::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void noRedirectIsFollowed() {
    issuer.status = 302;
    issuer.location = issuer.uri().resolve("/keys").toString();
    assertThatThrownBy(issuerKeys(Optional.empty())::fetch).hasMessageContaining("HTTP 302");
    assertThat(issuer.fetched.get()).isEqualTo(1);
  }

  @Test
  void anAnswerTooLongAndAKeyTooShortAreNotTaken() throws Exception {
    RSAKey small = rsa("small", 1024);
    issuer.keys = new JWKSet(List.of(RSA, small));
    assertThat(
            why(
                token(
                    header(JWSAlgorithm.RS256).keyID("small"),
                    new RSASSASigner(small.toPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())))))
        .contains("does not have");

    issuer.padding = " ".repeat(300_000);
    assertThatThrownBy(() -> callers(Optional.empty()).find(Secret.of(signed(RSA))))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void whatIsNoJwtIsOfAnotherKind() {
    for (String text : List.of("", "a.b", "a.b.c.d", "perennial_x", "a.b.c d")) {
      assertThat(find(text)).isEqualTo(Identity.Unknown.OF_ANOTHER_KIND);
    }
    for (String text : List.of("a.b.c", "e30.e30.", "eyJhbGciOiJSUzI1NiJ9.e30.")) {
      assertThat(find(text)).as(text).isInstanceOf(Identity.Unknown.class);
    }
  }

  private JwtCallers callers(Optional<URI> jwksUri) {
    return new JwtCallers(issuerKeys(jwksUri), "perennial", () -> NOW, nanos::get);
  }

  private IssuerKeys issuerKeys(Optional<URI> jwksUri) {
    return new IssuerKeys(issuer.uri(), jwksUri, InstantSource.system(), System::nanoTime);
  }

  private Identity find(String token) {
    return callers.find(Secret.of(token));
  }

  private String why(String token) {
    return find(token) instanceof Identity.Unknown(String why) ? why : "known";
  }

  private Payload payload() {
    return new Payload(JsonMapper.shared().writeValueAsBytes(claims));
  }

  private String signed(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa ->
          token(header(JWSAlgorithm.RS256).keyID(key.getKeyID()), new RSASSASigner(rsa));
      case ECKey ec -> {
        ECDSASigner signer = new ECDSASigner(ec);
        JWSAlgorithm algorithm = signer.supportedJWSAlgorithms().iterator().next();
        yield token(header(algorithm).keyID(key.getKeyID()), signer);
      }
      case OctetKeyPair okp ->
          token(header(JWSAlgorithm.EdDSA).keyID(key.getKeyID()), new Ed25519Signer(okp));
      default -> throw new AssertionError(key);
    };
  }

  private static JWSHeader.Builder header(JWSAlgorithm algorithm) {
    return new JWSHeader.Builder(algorithm).type(new JOSEObjectType("at+jwt"));
  }

  private String token(JWSHeader.Builder header, JWSSigner signer) throws JOSEException {
    JWSObject token = new JWSObject(header.build(), payload());
    token.sign(signer);
    return token.serialize();
  }

  private static RSAKey rsa(String id, int bits) {
    try {
      return new RSAKeyGenerator(bits, true).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }
}
