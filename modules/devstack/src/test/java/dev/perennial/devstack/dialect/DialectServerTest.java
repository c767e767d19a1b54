package dev.perennial.devstack.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.perennial.devstack.dialect.Dialect.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DialectServerTest {
  private static final String REDIRECT = "http://localhost:1/callback/acme";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String VERIFIER = "v".repeat(43);

  private static final String FORM =
      """
      {
        "variables": {"CLIENT_ID": "client-1"},
        "consent": {
          "url": "https://id.acme.example/authorize",
          "query": {"client_id": "client-1", "redirect_uri": "$redirect_url", "scope": "a b",
            "state": "$state", "code_challenge": "$challenge", "code_challenge_method": "S256"},
          "callback": {"code": "$code", "state": "$state", "realm": "4 2"}
        },
        "calls": [
          {"for": "token", "method": "POST", "url": "https://api.acme.example/o/token",
           "query": {"v": "1"}, "headers": {"authorization": "Basic Yg=="},
           "form": {"grant_type": "authorization_code", "code": "$code", "code_verifier": "$verifier"},
           "answer": {"status": 200, "content_type": "application/json", "headers": {"X-Id": "7"},
             "body": {"access_token": "$access_token", "refresh_token": "$refresh_token",
               "user": {"access_token": "$access_token.user"},
               "expires_in": 3600, "until": "$in_60", "until_ms": "$in_60_ms", "iso": "$iso_in_60"}}},
          {"for": "refresh", "method": "POST", "url": "https://api.acme.example/o/token",
           "form": {"refresh_token": "$refresh_token", "grant_type": "refresh_token"},
           "answer": {"status": 200, "content_type": "application/json",
             "body": {"access_token": "$access_token", "refresh_token": "$refresh_token"}}},
          {"for": "revoke", "method": "DELETE", "url": "https://api.acme.example/tokens/$access_token",
           "headers": {"authorization": "Bearer $access_token"},
           "answer": {"status": 204, "content_type": "text/plain", "body": ""}}
        ],
        "rotation": "single_use", "errors": [], "expect": {"expires_in": 3600}
      }
      """;

  private static final String JSON =
      """
      {
        "variables": {"KEY": "$rsa_private_key", "SECRET": "secret-1"},
        "calls": [
          {"for": "discovery", "method": "GET", "url": "https://acme.example/meta",
           "answer": {"status": 200, "content_type": "application/json", "body": {"issuer": "https://acme.example"}}},
          {"for": "token", "method": "PUT", "url": "https://acme.example/token",
           "json": {"n": 1, "list": [{"at": "$now"}], "assertion": "$jwt", "id": "$any", "t": "x $now_ms"},
           "claims": {"aud": "https://acme.example"},
           "answer": {"status": 201, "content_type": "application/x-www-form-urlencoded",
             "body": "access_token=$access_token&at=$in_5"}}
        ],
        "rotation": "none", "errors": [], "expect": {"expires_in": null}
      }
      """;

  private final DialectServer server = DialectServer.start(InstantSource.fixed(NOW), new Random(1));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void aDialectThatIsFollowedIsAnsweredAndLeavesNoFinding() throws Exception {
    Stage stage = server.play(Dialect.parse(FORM), REDIRECT);
    Map<String, String> callback = consent(consentQuery());
    assertThat(callback).containsEntry("state", "s1").containsEntry("realm", "4 2");
    JsonNode tokens = json(token(exchange(callback.getOrDefault("code", ""))));
    assertThat(tokens.path("expires_in").asInt()).isEqualTo(3600);
    assertThat(tokens.path("until").isNumber()).isTrue();
    assertThat(tokens.path("until").asLong()).isEqualTo(NOW.getEpochSecond() + 60);
    assertThat(tokens.path("until_ms").asLong()).isEqualTo(NOW.toEpochMilli() + 60_000);
    assertThat(tokens.path("iso").asString()).isEqualTo("2026-03-01T12:01:00Z");
    assertThat(stage.current("$access_token")).isEqualTo(tokens.path("access_token").asString());
    assertThat(stage.current("$access_token.user"))
        .isEqualTo(tokens.path("user").path("access_token").asString())
        .isNotEqualTo(stage.current("$access_token"));
    assertThat(stage.tokens())
        .containsExactlyInAnyOrder("$access_token", "$access_token.user", "$refresh_token");
    assertThat(stage.missing()).isEmpty();
    stage.allow(Kind.REFRESH);
    assertThat(stage.missing()).singleElement().asString().contains("refresh");
    JsonNode next = json(refresh(tokens.path("refresh_token").asString()));
    assertThat(next.path("refresh_token")).isNotEqualTo(tokens.path("refresh_token"));
    stage.repeat(Kind.REFRESH);
    assertThat(stage.missing()).singleElement().asString().contains("refresh");
    refresh(next.path("refresh_token").asString());
    stage.allow(Kind.REVOKE);
    String path = encoded(stage.current("$access_token"));
    HttpResponse<String> revoked =
        send(
            request("https://api.acme.example/tokens/" + path)
                .header("Authorization", "Bearer " + stage.current("$access_token"))
                .DELETE());
    assertThat(revoked.statusCode()).isEqualTo(204);
    assertThat(stage.missing()).isEmpty();
    assertThat(stage.findings()).isEmpty();
  }

  @Test
  void everyDifferenceOfAConsentIsFound() throws Exception {
    Stage stage = server.play(Dialect.parse(FORM), REDIRECT);
    Map<String, String> query = consentQuery();
    query.put("scope", "a,b");
    query.put("prompt", "consent");
    query.put("code_challenge", "short");
    query.remove("client_id");
    HttpResponse<String> page = send(request(url(query)).GET());
    assertThat(page.statusCode()).isEqualTo(400);
    assertThat(stage.findings())
        .anyMatch(it -> it.contains("scope: expected `a b`, got `a,b`"))
        .anyMatch(it -> it.contains("prompt: not expected, got `consent`"))
        .anyMatch(it -> it.contains("code_challenge: expected `$challenge`, got `short`"))
        .anyMatch(it -> it.contains("client_id: expected `client-1`, but it is missing"))
        .hasSize(4);
    assertThat(stage.missing()).anyMatch(it -> it.startsWith("the consent"));
  }

  @Test
  void aSecondConsentIsFound() throws Exception {
    Stage stage = server.play(Dialect.parse(FORM), REDIRECT);
    consent(consentQuery());
    send(request(url(consentQuery())).GET());
    assertThat(stage.findings()).singleElement().asString().contains("given before");
  }

  @Test
  void everyDifferenceOfARequestIsFound() throws Exception {
    Stage stage = server.play(Dialect.parse(FORM), REDIRECT);
    consent(consentQuery());
    HttpResponse<String> answer =
        send(
            request("https://api.acme.example/o/token/?v=2&v=2")
                .header("Authorization", "Basic YQ==")
                .header("Content-Type", "text/plain")
                .PUT(
                    HttpRequest.BodyPublishers.ofString(
                        "code=x&code_verifier=" + "w".repeat(43) + "&client_id=c%zz")));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("{\"error\":\"invalid_request\"}");
    assertThat(stage.findings())
        .anyMatch(it -> it.contains("method: expected `POST`, got `PUT`"))
        .anyMatch(it -> it.contains("URL: expected"))
        .anyMatch(it -> it.contains("query parameter v: sent twice"))
        .anyMatch(it -> it.contains("query parameter v: expected `1`, got `2`"))
        .anyMatch(
            it -> it.contains("header authorization: expected `Basic Yg==`, got `Basic YQ==`"))
        .anyMatch(it -> it.contains("content-type: expected `application/x-www-form-urlencoded`"))
        .anyMatch(
            it -> it.contains("form parameter grant_type: expected `authorization_code`, but"))
        .anyMatch(it -> it.contains("form parameter code: expected `" + stage.current("$code")))
        .anyMatch(it -> it.contains("does not belong to the challenge"))
        .anyMatch(it -> it.contains("broken percent-encoding"))
        .anyMatch(it -> it.contains("form parameter client_id: not expected"));
    assertThat(token(exchange(stage.current("$code"))).statusCode())
        .as("the right one may still come")
        .isEqualTo(200);
  }

  @Test
  void aCallBeforeTheConsentIsFound() throws Exception {
    Stage stage = server.play(Dialect.parse(FORM), REDIRECT);
    assertThat(token(exchange("c")).statusCode()).isEqualTo(400);
    assertThat(stage.findings()).anyMatch(it -> it.contains("there is no $code yet"));
  }

  @Test
  void aCallThatNobodyAskedForIsFound() throws Exception {
    Stage stage = server.play(Dialect.parse(FORM), REDIRECT);
    consent(consentQuery());
    JsonNode tokens = json(token(exchange(stage.current("$code"))));
    refresh(tokens.path("refresh_token").asString());
    assertThat(stage.findings()).singleElement().asString().contains("nobody asked for it yet");
  }

  @Test
  void aSpentRefreshTokenIsRefusedAndFound() throws Exception {
    String twice = "{\"for\": \"refresh\"";
    String refresh = FORM.substring(FORM.indexOf(twice), FORM.indexOf("{\"for\": \"revoke\""));
    Stage stage = server.play(Dialect.parse(FORM.replace(refresh, refresh + refresh)), REDIRECT);
    consent(consentQuery());
    stage.allow(Kind.REFRESH);
    JsonNode tokens = json(token(exchange(stage.current("$code"))));
    String first = tokens.path("refresh_token").asString();
    assertThat(refresh(first).statusCode()).isEqualTo(200);
    HttpResponse<String> answer = refresh(first);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("{\"error\":\"invalid_grant\"}");
    assertThat(stage.findings()).singleElement().asString().contains("that is spent");
    assertThat(stage.missing()).as("the same call a second time").hasSize(1);
  }

  @Test
  void aRefreshTokenThatIsNotRotatedStaysTheSame() throws Exception {
    Stage stage = server.play(Dialect.parse(FORM.replace("single_use", "never")), REDIRECT);
    consent(consentQuery());
    stage.allow(Kind.REFRESH);
    JsonNode tokens = json(token(exchange(stage.current("$code"))));
    JsonNode next = json(refresh(tokens.path("refresh_token").asString()));
    assertThat(next.path("refresh_token")).isEqualTo(tokens.path("refresh_token"));
    assertThat(next.path("access_token")).isNotEqualTo(tokens.path("access_token"));
  }

  @Test
  void whatComesAfterTheEndIsFound() throws Exception {
    Stage stage = server.play(Dialect.parse(JSON), REDIRECT);
    send(request("https://acme.example/token").PUT(body(assertion(NOW.plusSeconds(60), "n"))));
    stage.allow(Kind.REFRESH);
    send(request("https://elsewhere.example/x?y=z").POST(HttpRequest.BodyPublishers.ofString("b")));
    assertThat(stage.findings())
        .last()
        .asString()
        .contains("nothing more was to come")
        .contains("POST https://elsewhere.example/x?y=z with b");
  }

  @Test
  void aJsonBodyIsComparedWithItsTypes() throws Exception {
    Stage stage = server.play(Dialect.parse(JSON), REDIRECT);
    assertThat(stage.missing()).hasSize(2);
    assertThat(json(send(request("https://acme.example/meta").GET())).path("issuer").asString())
        .as("the origin at which it is asked")
        .isEqualTo(server.lead(URI.create("https://acme.example")).toString());
    HttpResponse<String> answer =
        send(request("https://acme.example/token").PUT(body(good(jwt(NOW.plusSeconds(60))))));
    assertThat(stage.findings()).isEmpty();
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body())
        .isEqualTo(
            "access_token=" + stage.current("$access_token") + "&at=" + (NOW.getEpochSecond() + 5));
    send(request("https://acme.example/meta").GET());
    assertThat(stage.findings()).as("discovery may come again").isEmpty();
    assertThat(stage.missing()).isEmpty();
  }

  @Test
  void everyDifferenceOfAJsonBodyIsFound() throws Exception {
    Stage stage = server.play(Dialect.parse(JSON), REDIRECT);
    String wrong =
        """
        {"n": "1", "list": [{"at": %d}], "assertion": "a.b", "more": {}, "t": "y 1"}
        """
            .formatted(NOW.getEpochSecond() - 500);
    send(request("https://acme.example/token").PUT(body(wrong)));
    assertThat(stage.findings())
        .anyMatch(it -> it.contains("JSON member n: expected `1`, got `\"1\"`"))
        .anyMatch(it -> it.contains("member at: expected `$now`") && it.contains("two minutes"))
        .anyMatch(it -> it.contains("not a JWT of three parts"))
        .anyMatch(it -> it.contains("JSON member more: not expected"))
        .anyMatch(it -> it.contains("JSON member id: it is missing"))
        .anyMatch(it -> it.contains("JSON member t: expected `x $now_ms`, got `y 1`"))
        .hasSize(6);
    send(request("https://acme.example/token").PUT(body("n=1")));
    assertThat(stage.findings()).anyMatch(it -> it.contains("expected JSON, got `n=1`"));
  }

  @Test
  void anAssertionIsVerified() throws Exception {
    assertThat(findings(jwt(NOW.plusSeconds(60)))).isEmpty();
    assertThat(findings(jwt(NOW.minusSeconds(1))))
        .singleElement()
        .asString()
        .contains("a JWT that is over");
    String signed = jwt(NOW.plusSeconds(60));
    assertThat(findings(signed.substring(0, signed.length() - 8) + "AAAAAAAA"))
        .singleElement()
        .asString()
        .contains("signature is not of the test's key");
    assertThat(
            findings(
                jwt(
                    "RS256",
                    "{\"aud\":\"https://other.example\",\"exp\":"
                        + (NOW.getEpochSecond() + 9)
                        + "}")))
        .singleElement()
        .asString()
        .contains("aud \"https://other.example\" instead of \"https://acme.example\"");
    assertThat(findings("a.b.c")).singleElement().asString().contains("cannot be read");
    assertThat(findings(jwt("ES256", claims(NOW.plusSeconds(60))))).isEmpty();
    assertThat(findings(jwt("none", claims(NOW.plusSeconds(60))))).hasSize(1);
  }

  @Test
  void whatComesTooLateIsAFindingWhereItBelongs() throws Exception {
    Stage before = server.play(Dialect.parse(JSON), REDIRECT);
    Stage now = server.play(Dialect.parse(FORM), REDIRECT);
    send(request("https://acme.example/else").GET());
    assertThat(now.findings()).isEmpty();
    assertThat(before.findings()).isNotEmpty();
    send(request("https://nobody.example/else").GET());
    assertThat(now.findings()).isNotEmpty();
  }

  @Test
  void anAddressIsLedHere() {
    assertThat(server.lead(URI.create("https://a.example/b%20c?d=e")).toString())
        .matches("http://127\\.0\\.0\\.1:[0-9]+/a\\.example/b%20c\\?d=e");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> server.lead(URI.create("http://a.example/")));
  }

  @Test
  void nothingIsAnsweredBeforeSomethingIsPlayed() throws Exception {
    assertThat(send(request("https://acme.example/").GET()).statusCode()).isEqualTo(404);
  }

  private List<String> findings(String assertion) throws Exception {
    Stage stage = server.play(Dialect.parse(JSON), REDIRECT);
    send(request("https://acme.example/token").PUT(body(good(assertion))));
    return stage.findings();
  }

  private static String good(String assertion) {
    return """
    {"n": 1, "list": [{"at": %d}], "assertion": "%s", "id": "i", "t": "x %d"}
    """
        .formatted(NOW.getEpochSecond() + 3, assertion, NOW.toEpochMilli());
  }

  private static String assertion(Instant end, String id) throws GeneralSecurityException {
    return good(jwt(end)).replace("\"i\"", "\"" + id + "\"");
  }

  private static String jwt(Instant end) throws GeneralSecurityException {
    return jwt("RS256", claims(end));
  }

  private static String claims(Instant end) {
    return "{\"aud\":\"https://acme.example\",\"exp\":" + end.getEpochSecond() + "}";
  }

  private static String jwt(String algorithm, String claims) throws GeneralSecurityException {
    boolean isRsa = !algorithm.equals("ES256");
    PrivateKey key = isRsa ? TestKeys.rsa().getPrivate() : TestKeys.ec().getPrivate();
    Signature signer =
        Signature.getInstance(isRsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
    String signed = base64("{\"alg\":\"" + algorithm + "\"}") + "." + base64(claims);
    signer.initSign(key);
    signer.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign());
  }

  private static String base64(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, String> consentQuery() {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("client_id", "client-1");
    query.put("redirect_uri", REDIRECT);
    query.put("scope", "a b");
    query.put("state", "s1");
    query.put("code_challenge", Facts.sha256(VERIFIER));
    query.put("code_challenge_method", "S256");
    return query;
  }

  private static String url(Map<String, String> query) {
    return "https://id.acme.example/authorize?" + form(query);
  }

  private Map<String, String> consent(Map<String, String> query) throws Exception {
    HttpResponse<String> page = send(request(url(query)).GET());
    assertThat(page.statusCode()).as(page.body()).isEqualTo(302);
    String location = page.headers().firstValue("location").orElseThrow();
    assertThat(location).startsWith(REDIRECT + "?");
    Map<String, String> callback = new HashMap<>();
    for (String pair : location.substring(REDIRECT.length() + 1).split("&", -1)) {
      String[] parts = pair.split("=", 2);
      callback.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return callback;
  }

  private static Map<String, String> exchange(String code) {
    return Map.of("grant_type", "authorization_code", "code", code, "code_verifier", VERIFIER);
  }

  private HttpResponse<String> token(Map<String, String> form) throws Exception {
    return send(
        request("https://api.acme.example/o/token?v=1")
            .header("Authorization", "Basic Yg==")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form(form))));
  }

  private HttpResponse<String> refresh(String token) throws Exception {
    return send(
        request("https://api.acme.example/o/token")
            .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    form(Map.of("grant_type", "refresh_token", "refresh_token", token)))));
  }

  private static HttpRequest.BodyPublisher body(String json) {
    return HttpRequest.BodyPublishers.ofString(json);
  }

  private static String form(Map<String, String> values) {
    return values.entrySet().stream()
        .map(it -> it.getKey() + "=" + encoded(it.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(server.lead(URI.create(url)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpRequest built = request.build();
    boolean isJson = built.method().equals("PUT") && built.headers().map().isEmpty();
    return client.send(
        isJson ? request.header("Content-Type", "application/json").build() : built,
        BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonMapper().readTree(answer.body());
  }
}
