package dev.perennial.integration;

import static dev.perennial.integration.Fixture.bind;
import static dev.perennial.integration.Fixture.errors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.perennial.domain.definition.AnswerShape;
import dev.perennial.domain.definition.ErrorMeaning;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a definition says about a provider's answers, its limits and its callbacks. */
class ResponseTest {

  private static String with(String members) {
    return """
    {"pkce": false, "authenticate_url": "https://a.example/auth",
     "access_token": {"url": "https://a.example/t"}, %s}\
    """
        .formatted(members);
  }

  private static AnswerShape shape(String response) {
    return bind(with("\"response\": " + response)).answerShape();
  }

  @Test
  void what_is_not_said_is_the_standard() {
    Integration plain = bind(Fixture.withConsent("https://a.example"));
    assertThat(plain.answerShape()).isEqualTo(AnswerShape.STANDARD);
    assertThat(shape("{}")).isEqualTo(AnswerShape.STANDARD);
    assertThat(plain.limit()).isEmpty();
    assertThat(plain.codeParameter()).isEqualTo("code");
    assertThat(plain.stateParameter()).contains("state");
    assertThat(plain.dpop()).isFalse();
    assertThat(plain.siblings()).isEmpty();
    assertThat(plain.prepares()).isFalse();
    assertThat(plain.revokes()).isFalse();
    assertThat(plain.secretChoices()).isEqualTo(1);
    assertThat(plain.connectionVariables()).isEmpty();
  }

  @Test
  void every_path_is_dotted_or_a_list() {
    AnswerShape shape =
        shape(
            """
            {"root": "data.0", "access_token": "BhRestToken", "refresh_token": [],
             "expiry": ["expires-in", "meta.exp"], "expiry_unit": "milliseconds",
             "refresh_token_expiry": "rt", "success": {"code": 0, "ok": true, "a.b": "0000"},
             "errors": {"190": "refused", "Access Denied": "throttled", "x": "unavailable",
                        "5002": "misconfigured"}}\
            """);
    assertThat(shape)
        .isEqualTo(
            new AnswerShape(
                List.of("data", "0"),
                List.of(List.of("BhRestToken")),
                List.of(),
                List.of(List.of("expires-in"), List.of("meta", "exp")),
                true,
                List.of(List.of("rt")),
                Map.of(List.of("code"), "0", List.of("ok"), "true", List.of("a", "b"), "0000"),
                Map.of(
                    "190", ErrorMeaning.REFUSED,
                    "Access Denied", ErrorMeaning.THROTTLED,
                    "x", ErrorMeaning.UNAVAILABLE,
                    "5002", ErrorMeaning.MISCONFIGURED)));
    assertThat(shape("{\"expiry_unit\": \"auto\"}").expiryInMilliseconds()).isFalse();
    assertThat(shape("{\"success\": {}}").success()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                   | response: must be an object, is a list
          {"root": ["a"]}                      | response.root: must be a text, is a list
          {"root": "a..b"}                     | response.root: must be a path
          {"access_token": 5}                  | response.access_token: must be a path or a list of paths, is a number
          {"access_token": []}                 | response.access_token: without an access token there is nothing to keep
          {"expiry": ["a", 1]}                 | response.expiry[1]: must be a text, is a number
          {"expiry": "a b"}                    | response.expiry: must be a path
          {"expiry_unit": "seconds"}           | response.expiry_unit: must be auto or milliseconds
          {"success": {"a": []}}               | response.success.a: must be a text, a number, true or false, is a list
          {"success": {"a.": 1}}               | response.success.a.: must be a path
          {"success": true}                    | response.success: must be an object, is true or false
          {"errors": {"a": "fatal"}}           | response.errors.a: must be refused, throttled, unavailable or misconfigured
          {"errors": {"a": 5}}                 | response.errors.a: must be a text, is a number
          {"tokens": 1}                        | response.tokens: unknown key 'tokens'
          """)
  void what_cannot_be_read_is_said(String response, String expected) {
    assertThat(errors(with("\"response\": " + response)))
        .singleElement()
        .asString()
        .startsWith(expected);
  }

  @Test
  void limits_name_all_three() {
    assertThat(
            bind(with(
                    "\"limits\": {\"requests\": 10, \"window\": \"10m\", \"per\": \"connection\"}"))
                .limit())
        .contains(new RateLimit(10, Duration.ofMinutes(10), true));
    assertThat(
            bind(with(
                    "\"limits\": {\"requests\": 1, \"window\": \"1s\", \"per\": \"integration\"}"))
                .limit())
        .contains(new RateLimit(1, Duration.ofSeconds(1), false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "limits": {"requests": 1, "window": "1s"}                        | limits.per: is missing
          "limits": {"requests": 0, "window": "1s", "per": "connection"}   | limits.requests: must be a whole number
          "limits": {"requests": "5", "window": "1s", "per": "connection"} | limits.requests: must be a whole number
          "limits": {"requests": 1.5, "window": "1s", "per": "connection"} | limits.requests: must be a whole number
          "limits": {"requests": 5, "window": "0s", "per": "connection"}   | limits.window: must be longer than 0s
          "limits": {"requests": 5, "window": 60, "per": "connection"}     | limits.window: must be a text, is a number
          "limits": {"requests": 5, "window": "1s", "per": "user"}         | limits.per: must be connection or integration
          "limits": {"requests": 5, "window": "1s", "per": "connection", "x": 1} | limits.x: unknown key
          "limits": 5                                                      | limits: must be an object
          "dpop": "yes"                                                    | dpop: must be true or false
          "code_parameter": false                                          | code_parameter: must be a text
          "code_parameter": "{{ x }}"                                      | code_parameter: must be the name of a parameter
          "state_parameter": true                                          | state_parameter: must be the name of a parameter or false
          "state_parameter": 5                                             | state_parameter: must be the name of a parameter or false
          "state_parameter": "a b"                                         | state_parameter: must be the name of a parameter
          """)
  void each_key_says_what_it_takes(String member, String expected) {
    assertThat(errors(with(member))).singleElement().asString().startsWith(expected);
  }

  @Test
  void other_names_of_callback_parameters_are_passed_on() {
    Integration named = bind(with("\"code_parameter\": \"auth_code\", \"dpop\": true"));
    assertThat(named.codeParameter()).isEqualTo("auth_code");
    assertThat(named.dpop()).isTrue();
  }

  @Test
  void a_state_that_is_never_returned_is_not_sent() {
    Integration none = bind(with("\"state_parameter\": false"));
    assertThat(none.stateParameter()).isEmpty();
    assertThat(none.consentUrl(Fixture.CONSENT)).hasToString("https://a.example/auth");
    Integration other = bind(with("\"state_parameter\": \"customField\""));
    assertThat(other.stateParameter()).contains("customField");
    assertThat(other.consentUrl(Fixture.CONSENT))
        .hasToString("https://a.example/auth?customField=st");
  }

  @Test
  void the_size_of_everything_is_limited() {
    String paths = "[" + "\"a\",".repeat(16) + "\"a\"]";
    assertThat(errors(with("\"response\": {\"expiry\": " + paths + "}")))
        .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .startsWith("response.expiry: at most 16 paths");
    StringBuilder codes = new StringBuilder("\"a\": \"refused\"");
    for (int i = 0; i < 200; i++) {
      codes.append(", \"").append(i).append("\": \"refused\"");
    }
    assertThat(errors(with("\"response\": {\"errors\": {" + codes + "}}")))
        .asInstanceOf(LIST)
        .containsExactly("response.errors: at most 200 entries");
  }
}
