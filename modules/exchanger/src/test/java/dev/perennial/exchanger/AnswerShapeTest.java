package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.ErrorMeaning;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.definition.Lifetime;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers as providers shape them that follow no standard. */
class AnswerShapeTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static final AnswerShape WRAPPED =
      new AnswerShape(
          List.of("data"),
          List.of(List.of("accessToken"), List.of("0", "token")),
          List.of(List.of("refresh", "token")),
          List.of(List.of("ttl")),
          true,
          List.of(List.of("refresh", "ttl")),
          Map.of(List.of("code"), "0", List.of("ok"), "true"),
          Map.of(
              "40105", ErrorMeaning.REFUSED,
              "40100", ErrorMeaning.THROTTLED,
              "token_revoked", ErrorMeaning.REFUSED,
              "Access Denied", ErrorMeaning.THROTTLED,
              "invalid_grant", ErrorMeaning.UNAVAILABLE,
              "190", ErrorMeaning.REFUSED,
              "410", ErrorMeaning.REFUSED,
              "503", ErrorMeaning.REFUSED,
              "500", ErrorMeaning.MISCONFIGURED));

  @ParameterizedTest(name = "{0} {1} is {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          200 | {"code":0,"data":{"accessToken":"a"}}                 | Granted       |
          200 | {"code":"0","data":{"accessToken":"a"}}               | Granted       |
          200 | {"data":{"accessToken":"a","code":0,"ok":true}}       | Granted       |
          200 | {"data":[{"token":"a"}]}                              | Granted       |
          200 | {"data":{"accessToken":"a"},"code":null}              | Granted       |
          200 | {"access_token":"a"}                                  | Unreadable    | HTTP 200, no access token
          200 | {"code":40105,"message":"secret"}                     | Refused       | HTTP 200 40105
          200 | {"code":"40105","data":{}}                            | Refused       | HTTP 200 40105
          200 | {"code":40100}                                        | Throttled     | HTTP 200 40100
          200 | {"code":7}                                            | Unavailable   | HTTP 200 7
          200 | {"code":40105.0}                                      | Unavailable   | HTTP 200 40105.0
          200 | {"data":{"code":40105}}                               | Refused       | HTTP 200 40105
          200 | {"code":1,"data":{"accessToken":"a"}}                 | Unreadable    | HTTP 200, an error beside an access token
          200 | {"ok":false}                                          | Unavailable   | HTTP 200
          200 | {"ok":false,"error":"token_revoked"}                  | Refused       | HTTP 200 token_revoked
          200 | {"data":{"error":"token_revoked"}}                    | Refused       | HTTP 200 token_revoked
          400 | {"error":"Access Denied"}                             | Throttled     | HTTP 400
          400 | {"error":{"code":190,"type":"OAuthException"}}        | Refused       | HTTP 400 190
          400 | {"error":{"code":"x","type":"token_revoked"}}         | Refused       | HTTP 400 x
          400 | {"error":"Token_Revoked"}                             | Unavailable   | HTTP 400 Token_Revoked
          400 | {"error":"invalid_grant"}                             | Unavailable   | HTTP 400 invalid_grant
          401 | {"error":"invalid_client"}                            | Misconfigured | HTTP 401 invalid_client
          400 | {"code":40105}                                        | Refused       | HTTP 400 40105
          410 | gone                                                  | Refused       | HTTP 410
          410 | {"error":"invalid_client"}                            | Refused       | HTTP 410 invalid_client
          429 | {}                                                    | Throttled     | HTTP 429
          429 | {"error":"token_revoked"}                             | Refused       | HTTP 429 token_revoked
          500 | {"error":"token_revoked"}                             | Unavailable   | HTTP 500 token_revoked
          503 | {}                                                    | Unavailable   | HTTP 503
          500 | {}                                                    | Misconfigured | HTTP 500
          302 | {"error":"token_revoked"}                             | Unavailable   | HTTP 302, redirect not followed
          """)
  void reads_what_the_definition_says(
      int status, String body, String kind, @Nullable String detail) {
    TokenOutcome outcome = read(status, body);

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(kind);
    if (detail != null) {
      assertThat(outcome.toString()).contains(detail.endsWith("HTTP 400") ? "HTTP 400," : detail);
    }
  }

  @Test
  void tokens_and_times_are_found_where_the_definition_says() {
    Kept kept =
        merged(
            "{\"data\":{\"accessToken\":\"a\",\"ttl\":60000,"
                + "\"refresh\":{\"token\":\"r\",\"ttl\":86400}},\"perennial\":{\"x\":1}}");

    assertThat(kept.response().values())
        .containsEntry("access_token", "a")
        .containsEntry("refresh_token", "r");
    assertThat(kept.values()).doesNotContainKey("perennial").containsKey("data");
    assertThat(kept.ours().main()).isEqualTo(new Life(NOW, NOW.plusSeconds(60)));
    assertThat(kept.ours().refreshTokenExpiresAt()).isEqualTo(NOW.plus(Duration.ofDays(1)));
  }

  @Test
  void a_path_that_is_not_there_gives_way_to_the_next_and_a_number_is_no_token() {
    assertThat(merged("{\"data\":[{\"token\":\"a\"}]}").accessToken()).isPresent();
    assertThat(Shaped.of(Map.of("data", Map.of("accessToken", 7)), WRAPPED).accessToken())
        .isEmpty();
  }

  @Test
  void what_is_never_read_is_not_taken_from_where_the_standard_has_it() {
    AnswerShape without =
        new AnswerShape(
            List.of(),
            AnswerShape.STANDARD.accessToken(),
            List.of(),
            List.of(),
            false,
            List.of(),
            Map.of(),
            Map.of());
    Kept kept =
        new Merging(integration(without))
            .first(
                Kept.NOTHING,
                Map.of("access_token", "a", "refresh_token", "no", "expires_in", 60),
                NOW,
                Phase.TOKEN);

    assertThat(kept.values()).doesNotContainKey("refresh_token");
    assertThat(kept.ours().main().expiresAt()).isNull();
  }

  @Test
  void whoever_has_only_an_answer_can_ask_what_it_means() {
    TokenOutcome outcome =
        Answers.read(
            integration(WRAPPED), Phase.REFRESH, 429, Map.of("retry-after", "7"), bytes("{}"), NOW);

    assertThat(outcome).isEqualTo(new TokenOutcome.Throttled("HTTP 429", Duration.ofSeconds(7)));
  }

  private static Kept merged(String body) {
    Object read = AnswerBody.read(bytes(body), false).orElseThrow();
    return new Merging(integration(WRAPPED)).first(Kept.NOTHING, read, NOW, Phase.TOKEN);
  }

  private static TokenOutcome read(int status, String body) {
    return Answers.read(integration(WRAPPED), Phase.TOKEN, status, Map.of(), bytes(body), NOW);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static TestIntegration integration(AnswerShape shape) {
    return new TestIntegration("sim", URI.create("https://sim.test/"), true, Lifetime.UNSAID)
        .shape(shape);
  }
}
