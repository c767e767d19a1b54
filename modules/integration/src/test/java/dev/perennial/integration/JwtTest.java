package dev.perennial.integration;

import static dev.perennial.integration.Fixture.CODE;
import static dev.perennial.integration.Fixture.CONSENT;
import static dev.perennial.integration.Fixture.bind;
import static dev.perennial.integration.Fixture.errors;
import static dev.perennial.integration.Fixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.TokenRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that a definition signs itself, and the certificate it shows. */
class JwtTest {
  private static final KeyPair RSA = pair("RSA", 2048);
  private static final String SECRET = "s".repeat(32);

  private static KeyPair pair(String family, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair curve(String name) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(name));
    return generator.generateKeyPair();
  }

  private static String pem(KeyPair pair) {
    return pem("PRIVATE KEY", Objects.requireNonNull(pair.getPrivate().getEncoded()));
  }

  private static String pem(String label, byte[] bytes) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
    return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
        .formatted(label, body)
        .replace("\r", "");
  }

  private static String definition(String algorithm, String more) {
    return """
    {"jwt": {"assertion": {"key": "{{ KEY }}", "algorithm": "%s", %s}},
     "access_token": {"url": "https://a.example/t", "data": {"a": "{{ jwt.assertion }}"}}}\
    """
        .formatted(algorithm, more);
  }

  private static final String CLAIMS =
      """
      "header": {"kid": "{{ KID!"" }}"}, "claims": {"iss": "{{ ID }}", "aud": ["https://a.example", "{{ ID }}"],
        "n": 3, "flag": true, "nbf": "{{ now.s }}", "leer": "{{ KID!"" }}"}\
      """
          .replace("!\"\"", "!\\\"\\\"");

  private static JWSObject signed(String json, String key) throws Exception {
    return signed(json, Map.of("PERENNIAL_ACME_KEY", key, "PERENNIAL_ACME_ID", "me\""));
  }

  private static JWSObject signed(String json, Map<String, String> variables) throws Exception {
    String body = Fixture.body(bind(json, variables).tokenRequest(CODE));
    return JWSObject.parse(body.substring("a=".length()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256"})
  void an_rsa_key_signs(String algorithm) throws Exception {
    JWSObject jwt = signed(definition(algorithm, CLAIMS), pem(RSA));
    assertThat(jwt.verify(new RSASSAVerifier((RSAPublicKey) RSA.getPublic()))).isTrue();
    assertThat(jwt.getHeader().toJSONObject()).isEqualTo(Map.of("alg", algorithm, "typ", "JWT"));
  }

  @ParameterizedTest
  @CsvSource({"ES256, secp256r1", "ES384, secp384r1"})
  void an_elliptic_key_signs(String algorithm, String curve) throws Exception {
    KeyPair pair = curve(curve);
    JWSObject jwt = signed(definition(algorithm, CLAIMS), pem(pair).replace("\n", "\\n"));
    assertThat(jwt.verify(new ECDSAVerifier((ECPublicKey) pair.getPublic()))).isTrue();
  }

  @Test
  void a_secret_signs() throws Exception {
    JWSObject jwt = signed(definition("HS256", CLAIMS), SECRET);
    assertThat(jwt.verify(new MACVerifier(SECRET))).isTrue();
  }

  @Test
  void claims_keep_their_types_and_get_what_they_lack() throws Exception {
    Map<String, Object> claims =
        signed(definition("HS256", CLAIMS), SECRET).getPayload().toJSONObject();
    long now = Fixture.NOW.getEpochSecond();
    assertThat(claims)
        .containsEntry("iss", "me\"")
        .containsEntry("aud", List.of("https://a.example", "me\""))
        .containsEntry("n", 3L)
        .containsEntry("flag", true)
        .containsEntry("nbf", now)
        .containsEntry("iat", now)
        .containsEntry("exp", now + 60)
        .doesNotContainKey("leer")
        .hasEntrySatisfying("jti", id -> assertThat((String) id).hasSize(22));
  }

  @Test
  void what_is_given_stays() throws Exception {
    String given =
        "\"header\": {\"kid\": \"k1\", \"typ\": \"x+jwt\"}, \"claims\": {\"iat\": 1, \"exp\": 2,"
            + " \"jti\": \"j\"}";
    JWSObject jwt = signed(definition("HS256", given), SECRET);
    assertThat(jwt.getPayload().toJSONObject()).isEqualTo(Map.of("iat", 1L, "exp", 2L, "jti", "j"));
    assertThat(jwt.getHeader().getKeyID()).isEqualTo("k1");
    assertThat(jwt.getHeader().getType()).hasToString("x+jwt");
  }

  @Test
  void one_request_carries_one_token_however_often_it_is_read() {
    String json =
        """
        {"jwt": {"a": {"key": "{{ KEY }}", "algorithm": "HS256"}},
         "access_token": {"url": "https://a.example/t", "headers": {"X-A": "{{ jwt.a }}"},
           "data": {"a": "{{ jwt.a }}"}}}\
        """;
    Integration integration = bind(json, Map.of("PERENNIAL_ACME_KEY", SECRET));
    TokenRequest one = integration.tokenRequest(CODE);
    assertThat(Fixture.body(one)).isEqualTo("a=" + header(one, "X-A").orElseThrow());
    assertThat(header(integration.tokenRequest(CODE), "X-A")).isNotEqualTo(header(one, "X-A"));
  }

  @Test
  void a_request_object_carries_the_state() throws Exception {
    String json =
        """
        {"pkce": true, "jwt": {"request": {"key": "{{ KEY }}", "algorithm": "HS256",
           "claims": {"state": "{{ state }}", "code_challenge": "{{ code_challenge }}"}}},
         "authenticate_url": "https://a.example/auth?request={{ jwt.request }}",
         "access_token": {"url": "https://a.example/t"}}\
        """;
    String url = bind(json, Map.of("PERENNIAL_ACME_KEY", SECRET)).consentUrl(CONSENT).toString();
    assertThat(url).endsWith("&code_challenge_method=S256");
    String jwt = url.substring(url.indexOf("request=") + 8, url.indexOf('&'));
    assertThat(JWSObject.parse(jwt).getPayload().toJSONObject())
        .containsEntry("state", "st")
        .containsEntry("code_challenge", "ch");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          RS256 | PLANTED                                                       | is no key in PEM
          RS256 | -----BEGIN PRIVATE KEY-----\\nUExBTlRFRA==\\n-----END PRIVATE KEY----- | is no RSA private key in PKCS #8
          RS256 | -----BEGIN RSA PRIVATE KEY-----\\nUExBTlRFRA==\\n-----END RSA PRIVATE KEY----- | openssl pkcs8 -topk8 -nocrypt
          ES256 | -----BEGIN EC PRIVATE KEY-----\\nUExBTlRFRA==\\n-----END EC PRIVATE KEY----- | openssl pkcs8 -topk8 -nocrypt
          RS256 | -----BEGIN ENCRYPTED PRIVATE KEY-----\\nUExBTlRFRA==\\n-----END ENCRYPTED PRIVATE KEY----- | is an encrypted key
          RS256 | -----BEGIN CERTIFICATE-----\\nUExBTlRFRA==\\n-----END CERTIFICATE----- | is no private key (BEGIN CERTIFICATE)
          HS256 | PLANTED                                                       | HS256 needs a secret of at least 32 bytes
          """)
  void a_key_that_cannot_be_used_is_named_and_not_shown(
      String algorithm, String key, String reason) {
    assertThatThrownBy(() -> signed(definition(algorithm, CLAIMS), key))
        .isInstanceOf(RenderingException.class)
        .hasMessageStartingWith("acme: jwt.assertion.key: ")
        .hasMessageContaining(reason)
        .hasMessageEndingWith(" (from KEY): set PERENNIAL_ACME_KEY")
        .hasMessageNotContaining("PLANTED")
        .hasMessageNotContaining("UExBTlRFRA");
  }

  @Test
  void a_key_of_another_kind_or_size_is_refused() throws Exception {
    String other = pem(curve("secp384r1"));
    assertThatThrownBy(() -> signed(definition("ES256", CLAIMS), other))
        .hasMessageContaining("ES256 needs a key on the curve P-256");
    assertThatThrownBy(() -> signed(definition("RS256", CLAIMS), other))
        .hasMessageContaining("is no RSA private key");
    String small = pem(pair("RSA", 1024));
    assertThatThrownBy(() -> signed(definition("RS256", CLAIMS), small))
        .hasMessageContaining("RS256 needs an RSA key of at least 2048 bits");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "jwt": []                                                          | jwt: must be an object
          "jwt": {"a": 5}                                                    | jwt.a: must be an object
          "jwt": {"a b": {"key": "x", "algorithm": "HS256"}}                 | jwt.a b: a name has letters
          "jwt": {"a": {"algorithm": "HS256"}}                               | jwt.a.key: is missing
          "jwt": {"a": {"key": "x"}}                                         | jwt.a.algorithm: is missing
          "jwt": {"a": {"key": "x", "algorithm": "none"}}                    | jwt.a.algorithm: must be one of RS256, RS384, RS512, PS256, ES256, ES384, HS256
          "jwt": {"a": {"key": "x", "algorithm": "HS256", "x": 1}}           | jwt.a.x: unknown key
          "jwt": {"a": {"key": "x", "algorithm": "HS256", "claims": []}}     | jwt.a.claims: must be an object
          "jwt": {"a": {"key": "x", "algorithm": "HS256", "header": {"alg": "none"}}} | jwt.a.header.alg: is not for a definition to say
          "jwt": {"a": {"key": "{{ jwt.a }}", "algorithm": "HS256"}}         | jwt.a: a jwt cannot hold another
          "jwt": {"a": {"key": "{{", "algorithm": "HS256"}}                  | jwt.a.key: at character
          "jwt": {"a": {"key": "x", "algorithm": "HS256", "claims": {"c": "{{ code }}"}}}, "refresh": {"url": "https://a.example/{{ jwt.a }}"} | refresh.url: jwt.a: code has no value here
          "jwt": {"ab": {"key": "x", "algorithm": "HS256"}}, "refresh": {"url": "https://a.example/{{ jwt.ac }}"} | refresh.url: there is no jwt ac; did you mean ab?
          "client_certificate": 5                                            | client_certificate: must be an object
          "client_certificate": {"key": "{{ K }}"}                           | client_certificate.certificate: is missing
          "client_certificate": {"key": "{{ code }}", "certificate": "x"}    | client_certificate.key: code has no value here: there are only variables
          "client_certificate": {"key": "k", "certificate": "x", "ca": "x"}  | client_certificate.ca: unknown key
          """)
  void each_is_checked(String members, String expected) {
    assertThat(errors("{\"access_token\": {\"url\": \"https://a.example\"}, " + members + "}"))
        .singleElement()
        .asString()
        .startsWith(expected);
  }

  @Test
  void one_that_nothing_reads_is_told() {
    String json =
        """
        {"jwt": {"a": {"key": "x", "algorithm": "HS256"}, "b": {"key": "x", "algorithm": "HS256"}},
         "access_token": {"url": "https://a.example", "data": {"a": "{{ jwt.a }}"}}}\
        """;
    assertThat(Fixture.findings(json))
        .singleElement()
        .asString()
        .contains("warning: jwt.b: is read nowhere: {{ jwt.b }}");
  }

  @Test
  void a_certificate_is_shown_with_every_request() {
    String json =
        """
        {"client_certificate": {"certificate": "{{ CERT }}", "key": "{{ KEY }}"},
         "access_token": {"url": "https://a.example/t", "then": [{"url": "https://a.example/n"}]},
         "prepare": {"url": "https://a.example/p"}, "revoke": {"url": "https://a.example/x"},
         "refresh": {"url": "https://a.example/r"}}\
        """;
    String certificate = pem("CERTIFICATE", new byte[] {1});
    Integration integration =
        bind(
            json,
            Map.of(
                "PERENNIAL_ACME_CERT", certificate.replace("\n", "\\n"),
                "PERENNIAL_ACME_KEY", pem(RSA)));
    assertThat(
            List.of(
                integration.tokenRequest(CODE),
                integration.followUpRequest(Integration.Phase.TOKEN, 0, CODE),
                integration.prepareRequest(CODE),
                integration.revokeRequest(CODE),
                integration.refreshRequest(CODE)))
        .extracting(TokenRequest::certificate)
        .allSatisfy(shown -> {
          assertThat(shown).isNotNull().hasToString("ClientCertificate[***]");
          assertThat(shown.certificate()).isEqualTo(certificate);
          assertThat(shown.key().reveal()).isEqualTo(pem(RSA));
        });
    Integration wrong =
        bind(json, Map.of("PERENNIAL_ACME_CERT", "PLANTED", "PERENNIAL_ACME_KEY", pem(RSA)));
    assertThatThrownBy(() -> wrong.tokenRequest(CODE))
        .hasMessage(
            "acme: client_certificate.certificate: is not PEM (-----BEGIN CERTIFICATE-----) (from"
                + " CERT): set PERENNIAL_ACME_CERT");
  }
}
