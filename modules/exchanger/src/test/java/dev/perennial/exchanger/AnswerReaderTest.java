package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.Exchange.Extent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest(name = "{0} {1} is {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          200 | {"access_token":"a","expires_in":3600}                          | Granted       |
          201 | {"access_token":"a"}                                            | Granted       |
          200 | \uFEFF{"access_token":"a"}                                      | Granted       |
          200 | {"ok":true,"access_token":"a"}                                  | Granted       |
          200 | {"access_token":"a","error":null}                               | Granted       |
          200 | {"access_token":"a","error":""}                                 | Granted       |
          200 | {"access_token":"a","error":{}}                                 | Granted       |
          200 | access_token=gho_16C7&scope=repo%2Cgist&token_type=bearer       | Granted       |
          200 | 'access_token=12|ab.c-d_e&expires=5183999'                      | Granted       |
          200 | {"ok":false,"error":"ratelimited"}                              | Unavailable   | HTTP 200 ratelimited
          200 | {"ok":false,"error":"invalid_grant"}                            | Refused       | HTTP 200 invalid_grant
          200 | {"ok":false}                                                    | Unavailable   | HTTP 200
          200 | {"error":"bad_verification_code","error_description":"secret"}  | Unavailable   | HTTP 200 bad_verification_code
          200 | error=bad_verification_code&error_description=The+code          | Unavailable   | HTTP 200 bad_verification_code
          200 | {"error":"slow_down"}                                           | Throttled     | HTTP 200 slow_down
          200 | {"error":"invalid_grant","access_token":"a"}                    | Unreadable    | HTTP 200, an error beside an access token
          200 | {"result":"5002"}                                               | Unreadable    | HTTP 200, no access token
          200 | {"access_token":""}                                             | Unreadable    | HTTP 200, no access token
          200 | {"access_token":17}                                             | Unreadable    | HTTP 200, no access token
          200 | {"access_token":"a","refresh_to                                 | Unreadable    | HTTP 200, neither JSON nor a form
          200 | [{"access_token":"a"}]                                          | Unreadable    | HTTP 200, neither JSON nor a form
          200 | '<html><a href="?access_token=a">in</a></html>'                 | Unreadable    | HTTP 200, neither JSON nor a form
          200 | access_token=%zz                                                | Unreadable    | HTTP 200, neither JSON nor a form
          204 | ''                                                              | Unreadable    | HTTP 204, empty body
          400 | {"error":"invalid_grant","error_description":"Token expired."}  | Refused       | HTTP 400 invalid_grant
          400 | error=invalid_grant                                             | Refused       | HTTP 400 invalid_grant
          401 | {"error":"invalid_client"}                                      | Misconfigured | HTTP 401 invalid_client
          400 | {"error":"unauthorized_client"}                                 | Misconfigured | HTTP 400 unauthorized_client
          400 | {"error":"unsupported_grant_type"}                              | Misconfigured | HTTP 400 unsupported_grant_type
          400 | {"error":"invalid_scope"}                                       | Misconfigured | HTTP 400 invalid_scope
          400 | {"error":"slow_down"}                                           | Throttled     | HTTP 400 slow_down
          400 | {"error":"temporarily_unavailable"}                             | Unavailable   | HTTP 400 temporarily_unavailable
          400 | {"error":"server_error"}                                        | Unavailable   | HTTP 400 server_error
          400 | {"error":"invalid_request"}                                     | Unavailable   | HTTP 400 invalid_request
          400 | {"error":{"message":"no","type":"OAuthException","code":190}}   | Unavailable   | HTTP 400 190
          400 | {"error":{"code":"invalid_grant"}}                              | Refused       | HTTP 400 invalid_grant
          400 | {"error":"a code with spaces"}                                  | Unavailable   | HTTP 400
          400 | {"access_token":"a"}                                            | Unavailable   | HTTP 400
          403 | '<html>forbidden</html>'                                        | Unavailable   | HTTP 403
          429 | {"error":"invalid_grant"}                                       | Throttled     | HTTP 429 invalid_grant
          500 | {"error":"invalid_grant"}                                       | Unavailable   | HTTP 500 invalid_grant
          502 | '<html>bad gateway</html>'                                      | Unavailable   | HTTP 502
          302 | {"access_token":"a"}                                            | Unavailable   | HTTP 302, redirect not followed
          """)
  void readsEveryAnswer(int status, String body, String kind, @Nullable String detail) {
    TokenOutcome outcome = read(status, body);

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(kind);
    if (detail != null) {
      assertThat(detail(outcome)).isEqualTo(detail);
    }
  }

  @Test
  void keepsEveryValueOfASuccess() {
    TokenOutcome outcome = read(200, "{\"access_token\":\"a\",\"team\":{\"id\":7},\"n\":null}");

    assertThat(((TokenOutcome.Granted) outcome).response().values())
        .containsEntry("team", Map.of("id", 7))
        .containsEntry("n", null);
  }

  @Test
  void keepsTheRawBodyOfASuccessItCannotUse() {
    TokenOutcome outcome = read(200, "{\"token\":\"a\"}");

    assertThat(((TokenOutcome.Unreadable) outcome).body())
        .asString()
        .isEqualTo("{\"token\":\"a\"}");
  }

  @Test
  void doesNotReadABodyThatWasCutOrNotDecoded() {
    byte[] body = "{\"access_token\":\"a\"}".getBytes(StandardCharsets.UTF_8);

    assertThat(detail(read(new Answered(200, null, body, Extent.OVERSIZE))))
        .isEqualTo("HTTP 200, body too long");
    assertThat(detail(read(new Answered(200, null, body, Extent.UNDECODABLE))))
        .isEqualTo("HTTP 200, unknown or broken content coding");
    assertThat(read(new Answered(400, null, body, Extent.OVERSIZE)))
        .isInstanceOf(TokenOutcome.Unavailable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n"})
  void invalidUtf8IsNotReadable(String after) {
    byte[] body = ("{\"access_token\":\"\u00e9\"}" + after).getBytes(StandardCharsets.ISO_8859_1);

    assertThat(read(new Answered(200, null, body, Extent.WHOLE)))
        .isInstanceOf(TokenOutcome.Unreadable.class);
  }

  @Test
  void aReplacementCharacterThatWasSentIsRead() {
    assertThat(read(200, "{\"access_token\":\"a\",\"name\":\"\ufffd\"}"))
        .isInstanceOf(TokenOutcome.Granted.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n%s\r\n", "\u2003%s", "%s\u2003", "\ufeff %s "})
  void whatStandsAroundTheObjectIsPassedOver(String around) {
    assertThat(read(200, around.formatted("{\"access_token\":\"a\"}")))
        .isInstanceOf(TokenOutcome.Granted.class);
  }

  @Test
  void aSuccessWithAnotherStatusThanTheDefinitionAcceptsIsKept() {
    TokenOutcome outcome = read(request(Set.of(201)), answered(200, "{\"access_token\":\"a\"}"));

    assertThat(detail(outcome)).isEqualTo("HTTP 200, a status the definition does not accept");
    assertThat(outcome).isInstanceOf(TokenOutcome.Unreadable.class);
  }

  @Test
  void passesOnWhatNeverBecameAnAnswer() {
    assertThat(read(request(Set.of()), new Exchange.NotSent("why")))
        .isEqualTo(new TokenOutcome.NotSent("why"));
    assertThat(read(request(Set.of()), new Exchange.NoAnswer("why")))
        .isEqualTo(new TokenOutcome.NoAnswer("why"));
  }

  @ParameterizedTest(name = "Retry-After: {0} is {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          120                           | PT2M
          0                             | PT0S
          Sun, 01 Mar 2026 12:05:00 GMT | PT5M
          Sun, 01 Mar 2026 11:00:00 GMT | PT0S
          Sunday, 01-Mar-26 12:00:30 GMT | PT30S
          999999                        | PT24H
          Mon, 01 Mar 2027 12:05:00 GMT | PT24H
          -5                            |
          soon                          |
          99999999999999                |
          """)
  void readsRetryAfter(String header, @Nullable Duration wait) {
    Answered throttled = new Answered(429, header, new byte[0], Extent.WHOLE);
    Answered unavailable = new Answered(503, header, new byte[0], Extent.WHOLE);

    assertThat(read(throttled)).isEqualTo(new TokenOutcome.Throttled("HTTP 429", wait));
    assertThat(read(unavailable)).isEqualTo(new TokenOutcome.Unavailable("HTTP 503", wait));
  }

  private static TokenOutcome read(int status, String body) {
    return read(answered(status, body));
  }

  private static TokenOutcome read(Answered answered) {
    return read(request(Set.of()), answered);
  }

  private static TokenOutcome read(TokenRequest request, Exchange exchange) {
    Expected expected = Expected.token(AnswerShape.STANDARD, List.of());
    return outcome(AnswerReader.read(request, exchange, expected, NOW));
  }

  private static TokenOutcome outcome(Answer answer) {
    return switch (answer) {
      case Answer.Good(Object body) ->
          new TokenOutcome.Granted(new TokenResponse(Paths.copy((Map<?, ?>) body)));
      case Answer.Bad bad -> bad.outcome();
    };
  }

  private static Answered answered(int status, String body) {
    return new Answered(status, null, body.getBytes(StandardCharsets.UTF_8), Extent.WHOLE);
  }

  private static TokenRequest request(Set<Integer> accepted) {
    return new TokenRequest("POST", URI.create("https://a.test/"), List.of(), null, accepted);
  }

  private static String detail(TokenOutcome outcome) {
    return switch (outcome) {
      case TokenOutcome.Granted _ -> "";
      case TokenOutcome.NotSent(String detail) -> detail;
      case TokenOutcome.NoAnswer(String detail) -> detail;
      case TokenOutcome.Refused(String detail) -> detail;
      case TokenOutcome.Misconfigured(String detail) -> detail;
      case TokenOutcome.Throttled throttled -> throttled.detail();
      case TokenOutcome.Unavailable unavailable -> unavailable.detail();
      case TokenOutcome.Unreadable unreadable -> unreadable.detail();
    };
  }
}
