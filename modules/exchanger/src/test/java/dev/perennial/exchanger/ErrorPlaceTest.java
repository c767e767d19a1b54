package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.ErrorMeaning;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.Exchange.Extent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors that are told apart by their text, in a place that the definition names. */
class ErrorPlaceTest {
  private static final AnswerShape PLAIN = AnswerShape.STANDARD;
  private static final AnswerShape BY_MESSAGE =
      new AnswerShape(
          PLAIN.root(),
          PLAIN.accessToken(),
          PLAIN.refreshToken(),
          PLAIN.expiry(),
          false,
          PLAIN.refreshTokenExpiry(),
          PLAIN.success(),
          Map.of("Invalid refresh token", ErrorMeaning.REFUSED),
          List.of(List.of("message"), List.of("error")));

  @ParameterizedTest(name = "{0} {1} is {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          400 | {"status":400,"message":"Invalid refresh token"}            | Refused       | HTTP 400
          400 | {"status":400,"message":"Something else"}                   | Unavailable   | HTTP 400
          500 | {"message":"Invalid refresh token"}                         | Unavailable   | HTTP 500
          400 | {"error":"invalid_client","message":"no such client"}       | Misconfigured | HTTP 400 invalid_client
          400 | {"error":"odd","message":"Invalid refresh token"}           | Refused       | HTTP 400 odd
          200 | {"access_token":"a","message":"Invalid refresh token"}      | Granted       |
          200 | {"error":"odd","message":"Invalid refresh token"}           | Refused       | HTTP 200 odd
          """)
  void a_text_in_the_named_place_decides(int status, String body, String kind, String detail) {
    Answer answer =
        AnswerReader.read(
            new TokenRequest("POST", URI.create("https://a.test/"), List.of(), null, Set.of()),
            new Answered(status, null, body.getBytes(StandardCharsets.UTF_8), Extent.WHOLE),
            Expected.token(BY_MESSAGE, List.of()),
            Instant.EPOCH);
    if (answer instanceof Answer.Bad bad) {
      TokenOutcome outcome = bad.outcome();
      assertThat(outcome.getClass().getSimpleName()).isEqualTo(kind);
      assertThat(outcome.toString()).contains("detail=" + detail).doesNotContain("Invalid refresh");
    } else {
      assertThat(kind).isEqualTo("Granted");
    }
  }
}
