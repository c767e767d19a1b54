package dev.perennial.devstack.provider;

import static dev.perennial.devstack.provider.Caller.json;
import static dev.perennial.devstack.provider.Caller.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.devstack.provider.ProviderProfile.Consent;
import dev.perennial.devstack.provider.ProviderProfile.ExpiresIn;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FlowTest {
  private final ManualClock clock = new ManualClock();

  /** One simulator with one provider and one caller, for the length of a test. */
  private interface Body {
    void run(Caller caller, SimulatedProvider provider, Ledger ledger) throws Exception;
  }

  private void with(ProviderProfile.Builder profile, Body body) throws Exception {
    try (ProviderSimulator simulator =
        ProviderSimulator.start(
            0, clock, new SplittableRandom(7), List.of(profile.alias("/auth", "/tok").build()))) {
      SimulatedProvider provider = simulator.provider("sim");
      try (Caller caller = new Caller(provider)) {
        body.run(caller, provider, simulator.ledger());
      }
    }
  }

  private static ProviderProfile.Builder sim() {
    return ProviderProfile.named("sim");
  }

  @Test
  void aConsentBecomesATokenThatOpensTheResourceUntilItExpires() throws Exception {
    with(
        sim().accessTokenLife(Duration.ofSeconds(5)),
        (caller, provider, ledger) -> {
          Map<String, String> back = caller.consent(Map.of("scope", "read write"));
          assertThat(back).containsEntry("state", "s t&ate").containsOnlyKeys("code", "state");

          HttpResponse<String> answer =
              caller.redeem(Objects.requireNonNull(back.get("code")), Map.of());
          JsonNode tokens = json(answer);
          assertThat(answer.statusCode()).isEqualTo(200);
          assertThat(tokens.get("expires_in").isNumber()).isTrue();
          assertThat(tokens.get("expires_in").asInt()).isEqualTo(5);
          assertThat(text(tokens, "token_type")).isEqualTo("Bearer");
          assertThat(text(tokens, "scope")).isEqualTo("read write");
          assertThat(text(tokens, "access_token")).startsWith("sim-at-");
          assertThat(text(tokens, "refresh_token")).startsWith("sim-rt-");

          assertThat(caller.resource(text(tokens, "access_token")).statusCode()).isEqualTo(200);
          clock.advance(Duration.ofSeconds(5));
          HttpResponse<String> late = caller.resource(text(tokens, "access_token"));
          assertThat(late.statusCode()).isEqualTo(401);
          assertThat(late.headers().firstValue("WWW-Authenticate").orElse(""))
              .contains("invalid_token");
        });
  }

  @Test
  void aCodeUsedTwiceEndsWhatItBrought() throws Exception {
    with(
        sim(),
        (caller, provider, ledger) -> {
          String code = Objects.requireNonNull(caller.consent(Map.of()).get("code"));
          JsonNode tokens = json(caller.redeem(code, Map.of()));

          HttpResponse<String> again = caller.redeem(code, Map.of());

          assertThat(again.statusCode()).isEqualTo(400);
          assertThat(text(json(again), "error")).isEqualTo("invalid_grant");
          assertThat(caller.resource(text(tokens, "access_token")).statusCode()).isEqualTo(401);
          assertThat(ledger.codesUsedTwice())
              .singleElement()
              .extracting(Use::worker)
              .isEqualTo("caller");
        });
  }

  @Test
  void aCodeIsOverAfterItsLife() throws Exception {
    with(
        sim().codeLife(Duration.ofSeconds(30)),
        (caller, provider, ledger) -> {
          String code = Objects.requireNonNull(caller.consent(Map.of()).get("code"));
          clock.advance(Duration.ofSeconds(30));

          assertThat(caller.redeem(code, Map.of()).statusCode()).isEqualTo(400);
        });
  }

  @Test
  void theRedirectUriMustBeThatOfTheConsent() throws Exception {
    with(
        sim(),
        (caller, provider, ledger) -> {
          String code = Objects.requireNonNull(caller.consent(Map.of()).get("code"));

          HttpResponse<String> answer =
              caller.redeem(code, Map.of("redirect_uri", "http://localhost:9/other"));

          assertThat(text(json(answer), "error_description")).contains("redirect_uri");
        });
  }

  @Test
  void aSentChallengeMustBeProvedAndARequiredOneMustBeSent() throws Exception {
    with(
        sim().pkceRequired(),
        (caller, provider, ledger) -> {
          assertThat(caller.consent(Map.of())).containsEntry("error", "invalid_request");
          String verifier = "0123456789012345678901234567890123456789012";
          Map<String, String> challenge =
              Map.of("code_challenge", s256(verifier), "code_challenge_method", "S256");
          String good = Objects.requireNonNull(caller.consent(challenge).get("code"));
          String bad = Objects.requireNonNull(caller.consent(challenge).get("code"));

          assertThat(caller.redeem(good, Map.of("code_verifier", verifier)).statusCode())
              .isEqualTo(200);
          assertThat(caller.redeem(bad, Map.of("code_verifier", verifier + "x")).statusCode())
              .isEqualTo(400);
        });
  }

  private static String s256(String verifier) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  @Test
  void theClientIsKnownByBodyQueryBasicOrJsonAndByNothingLess() throws Exception {
    with(
        sim().client("me", "s3cr+t"),
        (caller, provider, ledger) -> {
          String refresh = text(caller.connect(), "refresh_token");
          URI query =
              URI.create(
                  provider.tokenUri()
                      + "?client_id=me&client_secret=s3cr%2Bt&grant_type=refresh_token&refresh_token="
                      + refresh);
          HttpResponse<String> byQuery =
              caller.send(HttpRequest.newBuilder(query).POST(BodyPublishers.noBody()).build());
          assertThat(byQuery.statusCode()).isEqualTo(200);

          String basic =
              Base64.getEncoder().encodeToString("me:s3cr+t".getBytes(StandardCharsets.UTF_8));
          HttpResponse<String> byBasic =
              caller.send(
                  HttpRequest.newBuilder(provider.tokenUri())
                      .header("Authorization", "Basic " + basic)
                      .header("Content-Type", "application/json")
                      .POST(
                          BodyPublishers.ofString(
                              "{\"grant_type\":\"refresh_token\",\"refresh_token\":\""
                                  + text(json(byQuery), "refresh_token")
                                  + "\"}"))
                      .build());
          assertThat(byBasic.statusCode()).isEqualTo(200);

          HttpResponse<String> wrong =
              caller.token(Map.of("grant_type", "refresh_token", "client_secret", "guess"));
          assertThat(wrong.statusCode()).isEqualTo(401);
          assertThat(text(json(wrong), "error")).isEqualTo("invalid_client");
        });
  }

  @Test
  void aConsentWithoutACodeLeadsToClientCredentials() throws Exception {
    with(
        sim().adminConsent("tenant-1"),
        (caller, provider, ledger) -> {
          assertThat(caller.consent(Map.of("response_type", "")))
              .containsOnly(
                  Map.entry("admin_consent", "True"),
                  Map.entry("tenant", "tenant-1"),
                  Map.entry("state", "s t&ate"));

          JsonNode tokens = json(caller.token(Map.of("grant_type", "client_credentials")));

          assertThat(text(tokens, "access_token")).startsWith("sim-at-");
          assertThat(tokens.has("refresh_token")).isFalse();
        });
  }

  @Test
  void answersCanBeFormsAndTheExpiryATextOrMissing() throws Exception {
    with(
        sim().formAnswers().expiresIn(ExpiresIn.ABSENT).scopeNotEchoed().extraField("team", "a b"),
        (caller, provider, ledger) -> {
          String code = Objects.requireNonNull(caller.consent(Map.of("scope", "x")).get("code"));
          HttpResponse<String> answer = caller.redeem(code, Map.of());
          assertThat(answer.headers().firstValue("Content-Type"))
              .contains("application/x-www-form-urlencoded");
          assertThat(Parameters.parse(answer.body()).asMap())
              .containsEntry("team", "a b")
              .containsKeys("access_token", "refresh_token")
              .doesNotContainKeys("expires_in", "scope");
        });
    with(
        sim().expiresIn(ExpiresIn.STRING).withoutRefreshToken(),
        (caller, provider, ledger) -> {
          JsonNode tokens = caller.connect();
          assertThat(tokens.get("expires_in").isString()).isTrue();
          assertThat(tokens.has("refresh_token")).isFalse();
        });
  }

  @Test
  void errorsCanHideInA200() throws Exception {
    with(
        sim().errorsIn200(),
        (caller, provider, ledger) -> {
          HttpResponse<String> answer = caller.refresh("never issued");

          assertThat(answer.statusCode()).isEqualTo(200);
          assertThat(json(answer).get("ok").asBoolean()).isFalse();
          assertThat(text(json(answer), "error")).isEqualTo("invalid_grant");
        });
  }

  @Test
  void theOwnPathsOfAProviderLeadToItToo() throws Exception {
    with(
        sim().issuerStated(),
        (caller, provider, ledger) -> {
          URI server = provider.issuer().resolve("/");
          HttpResponse<String> consent =
              caller.get(
                  server.resolve(
                      "/auth?response_type=code&client_id=sim-client&redirect_uri="
                          + Caller.CALLBACK));
          String location = consent.headers().firstValue("Location").orElseThrow();
          Map<String, String> back = Caller.query(location);
          assertThat(back).containsEntry("iss", provider.issuer().toString());

          HttpResponse<String> tokens =
              caller.post(
                  server.resolve(
                      "/tok?client_id=sim-client&client_secret=sim-secret"
                          + "&grant_type=authorization_code&redirect_uri="
                          + Caller.CALLBACK),
                  "code=" + back.get("code"));
          assertThat(tokens.statusCode()).isEqualTo(200);
        });
  }

  @Test
  void thePageAsksEscapesWhatItSaysAndItsLinksDecide() throws Exception {
    with(
        sim().consent(Consent.PAGE).client("<b>me</b>", "s"),
        (caller, provider, ledger) -> {
          HttpResponse<String> page = caller.authorize(Map.of("scope", "<script>x</script>"));
          assertThat(page.statusCode()).isEqualTo(200);
          assertThat(page.body())
              .contains("&lt;b&gt;me&lt;/b&gt;", "&lt;script&gt;x&lt;/script&gt;", "Allow", "Deny")
              .doesNotContain("<b>me", "<script");

          assertThat(follow(caller, provider, page.body(), "deny"))
              .containsEntry("error", "access_denied")
              .containsEntry("state", "s t&ate")
              .doesNotContainKey("code");
          assertThat(follow(caller, provider, page.body(), "allow")).containsKey("code");
        });
  }

  private static Map<String, String> follow(
      Caller caller, SimulatedProvider provider, String page, String link) throws Exception {
    int at = page.indexOf("href=\"", page.indexOf("id=\"" + link + "\"")) + "href=\"".length();
    String href = page.substring(at, page.indexOf('"', at)).replace("&amp;", "&");
    String location =
        caller
            .get(URI.create(provider.authorizeUri() + href))
            .headers()
            .firstValue("Location")
            .orElseThrow();
    return Caller.query(location);
  }

  @Test
  void whoCannotBeTrustedIsShownAPageAndNotRedirected() throws Exception {
    with(
        sim(),
        (caller, provider, ledger) -> {
          for (Map<String, String> wrong :
              List.of(
                  Map.of("client_id", "stranger"),
                  Map.of("redirect_uri", ""),
                  Map.of("redirect_uri", "javascript:alert(1)"))) {
            HttpResponse<String> answer = caller.authorize(wrong);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.headers().firstValue("Location")).isEmpty();
          }
          assertThat(caller.consent(Map.of("response_type", "token")))
              .containsEntry("error", "unsupported_response_type");
        });
  }

  @Test
  void aRevokedTokenEndsItsGrant() throws Exception {
    with(
        sim(),
        (caller, provider, ledger) -> {
          JsonNode tokens = caller.connect();
          String form =
              "client_id=sim-client&client_secret=sim-secret&token="
                  + text(tokens, "refresh_token");

          assertThat(caller.post(provider.revokeUri(), form).statusCode()).isEqualTo(200);

          assertThat(caller.resource(text(tokens, "access_token")).statusCode()).isEqualTo(401);
          assertThat(caller.refresh(text(tokens, "refresh_token")).statusCode()).isEqualTo(400);
        });
  }

  @Test
  void twoProvidersMayNotClaimOnePath() {
    List<ProviderProfile> both =
        List.of(
            ProviderProfile.named("a").alias("/auth", "/token").build(),
            ProviderProfile.named("b").alias("/auth", "/token2").build());

    assertThatThrownBy(() -> ProviderSimulator.start(0, both)).hasMessageContaining("/auth");
  }
}
