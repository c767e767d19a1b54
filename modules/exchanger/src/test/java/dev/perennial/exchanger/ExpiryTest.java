package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.event.JsonObjects;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpiryTest {
  private static final Instant ISSUED = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest(name = "{0} ends {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          {"expires_in":3600}                                  | 2026-03-01T13:00:00Z
          {"expires_in":"3600"}                                | 2026-03-01T13:00:00Z
          {"expires_in":3600.5}                                | 2026-03-01T13:00:00.500Z
          {"expires_in":" 60 "}                                | 2026-03-01T12:01:00Z
          {"expires_in":1772370000}                            | 2026-03-01T13:00:00Z
          {"expires_at":1772370000}                            | 2026-03-01T13:00:00Z
          {"expires_at":"1772370000"}                          | 2026-03-01T13:00:00Z
          {"expires_at":1772370000000}                         | 2026-03-01T13:00:00Z
          {"expires_at":"2026-03-01T14:00:00Z"}                | 2026-03-01T14:00:00Z
          {"expires_at":"2026-03-01T16:00:00+02:00"}           | 2026-03-01T14:00:00Z
          {"expires_at":"2026-03-01T16:00:00+0200"}            | 2026-03-01T14:00:00Z
          {"expires_at":"2026-03-01T14:00:00.250"}             | 2026-03-01T14:00:00.250Z
          {"expires_in":"1:02:30"}                             | 2026-03-02T14:30:00Z
          {"expires_in":null,"expires_at":1772370000}          | 2026-03-01T13:00:00Z
          {"expires_in":60,"expires_at":1772370000}            | 2026-03-01T12:01:00Z
          {"expires_at":1577880000}                            | 2020-01-01T12:00:00Z
          {"expires_in":999999999}                             | 2057-11-07T13:46:39Z
          {}                                                   |
          {"expires_in":null}                                  |
          {"expires_in":0}                                     |
          {"expires_in":-1}                                    |
          {"expires_in":"0:00:00"}                             |
          {"expires_in":"soon"}                                |
          {"expires_in":true}                                  |
          {"expires_in":{"seconds":3600}}                      |
          {"expires_in":1e400}                                 |
          {"expires_at":99999999999}                           |
          {"expires_at":99999999999999999}                     |
          {"expires_at":"+999999999-01-01T00:00:00Z"}          |
          """)
  void readsTheAnswer(String json, @Nullable Instant end) throws Exception {
    assertThat(read(json, "{}", Lifetime.UNSAID)).isEqualTo(end);
  }

  @Test
  void theDefinitionAssumesWhereTheAnswerSaysNothing() throws Exception {
    assertThat(read("{}", "{}", hour())).isEqualTo(ISSUED.plusSeconds(3600));
    assertThat(read("{\"expires_in\":0}", "{}", hour())).isEqualTo(ISSUED.plusSeconds(3600));
    assertThat(read("{\"expires_in\":60}", "{}", hour())).isEqualTo(ISSUED.plusSeconds(60));
  }

  @Test
  void anEarlierLengthStaysAndAnEarlierPointInTimeDoesNot() throws Exception {
    assertThat(read("{}", "{\"expires_in\":600}", Lifetime.UNSAID))
        .isEqualTo(ISSUED.plusSeconds(600));
    assertThat(read("{}", "{\"expires_in\":1772370000}", Lifetime.UNSAID)).isNull();
    assertThat(read("{}", "{\"expires_at\":\"2026-03-01T14:00:00Z\"}", Lifetime.UNSAID)).isNull();
    assertThat(read("{}", "{\"expires_in\":600}", hour())).isEqualTo(ISSUED.plusSeconds(3600));
  }

  private static Lifetime hour() {
    return new Lifetime(Duration.ofHours(1), null, null, null, ReuseWindow.NONE);
  }

  private static @Nullable Instant read(String answer, String earlier, Lifetime lifetime)
      throws Exception {
    TokenResponse response = response(answer);
    TokenResponse merged = response.over(response(earlier));
    return Expiry.read(shaped(response), shaped(merged), lifetime, ISSUED);
  }

  private static Shaped shaped(TokenResponse response) {
    return Shaped.of(response.values(), AnswerShape.STANDARD);
  }

  private static TokenResponse response(String json) throws Exception {
    Map<String, @Nullable Object> values = JsonObjects.read(json.getBytes(StandardCharsets.UTF_8));
    return new TokenResponse(values);
  }
}
