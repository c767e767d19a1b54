package dev.perennial.integration;

import static dev.perennial.integration.Fixture.CODE;
import static dev.perennial.integration.Fixture.CONSENT;
import static dev.perennial.integration.Fixture.bind;
import static dev.perennial.integration.Fixture.withConsent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.Integration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** More scopes than the definition asks for. */
class ScopesTest {
  private static final String URL = "https://a.example/authorize?";

  private static String declared(String url, String more) {
    return """
    {"pkce": false, "authenticate_url": "%s", %s,
     "access_token": {"url": "https://a.example/t", "data": {"scope": "{{ scopes }}"}}}
    """
        .formatted(url, more);
  }

  private static ConnectionContext asking(String... scopes) {
    return ConnectionContext.NONE.withScopes(List.of(scopes));
  }

  private static String consent(Integration integration, String... scopes) {
    return String.valueOf(integration.consentUrl(CONSENT.in(asking(scopes))).getRawQuery());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scope=read                        | scope=read%20write%20read%3Aall",
        "scope=write read                  | scope=write%20read%20read%3Aall",
        "scope=write+other                 | scope=write%20other%20read%3Aall",
        "a=1&scope=one,two&b=x%2Cy         | a=1&scope=one%2Ctwo%2Cwrite%2Cread%3Aall&b=x%2Cy",
        "scope=                            | scope=write%20read%3Aall",
        "scope=https://x.example/a.b       |"
            + " scope=https%3A%2F%2Fx.example%2Fa.b%20write%20read%3Aall",
      })
  void they_join_those_that_are_written_into_the_url(String query, String expected) {
    assertThat(consent(bind(withConsent(URL + query)), "write", "read:all"))
        .isEqualTo(expected + "&state=st");
  }

  @Test
  void they_join_the_declared_ones_with_their_separator_wherever_these_are_read() {
    Integration integration =
        bind(
            declared(
                URL + "user_scope={{ scopes }}&scope=bot",
                "\"scopes\": [\"a\", \"b\"], \"scope_separator\": \",\""));
    assertThat(consent(integration, "b", "c")).isEqualTo("user_scope=a%2Cb%2Cc&scope=bot&state=st");
    assertThat(Fixture.body(integration.tokenRequest(CODE.in(asking("b", "c")))))
        .contains("scope=a%2Cb%2Cc");
    assertThat(consent(integration)).isEqualTo("user_scope=a%2Cb&scope=bot&state=st");
  }

  @Test
  void they_stand_where_there_is_none_so_far() {
    Integration integration = bind(declared(URL + "scope={{ scopes }}", "\"scopes\": []"));
    assertThat(consent(integration)).isEqualTo("state=st");
    assertThat(consent(integration, "a", "b")).isEqualTo("scope=a%20b&state=st");
  }

  @Test
  void they_are_refused_where_they_have_no_place() {
    assertThat(bind(withConsent(URL + "a=scope")).refuseScopes(List.of("read")))
        .containsExactly("its authenticate_url has no scope parameter to add them to");
    assertThat(bind(withConsent(URL + "a=scope")).refuseScopes(List.of())).isEmpty();
  }

  @Test
  void a_request_before_the_consent_may_be_their_place() {
    Integration device =
        bind(
            """
            {"prepare": {"url": "https://a.example/device", "data": {"scope": "{{ scopes }}"}},
             "scopes": ["a"], "access_token": {"url": "https://a.example/t"}}
            """);
    assertThat(device.refuseScopes(List.of("b"))).isEmpty();
    assertThat(Fixture.body(device.prepareRequest(CODE.in(asking("b"))))).contains("scope=a+b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "quo\"te", "back\\slash", "tab\t", "ümlaut", "line\n"})
  void what_is_no_scope_token_is_refused(String scope) {
    assertThat(bind(withConsent(URL + "scope=x")).refuseScopes(List.of("good", scope)))
        .singleElement()
        .asString()
        .startsWith("number 2 is no scope");
  }

  @Test
  void their_number_and_length_are_limited() {
    Integration integration = bind(withConsent(URL + "scope=x"));
    assertThat(integration.refuseScopes(List.of("a".repeat(256)))).isEmpty();
    assertThat(integration.refuseScopes(List.of("a".repeat(257)))).hasSize(1);
    assertThat(integration.refuseScopes(Collections.nCopies(50, "a"))).isEmpty();
    assertThat(integration.refuseScopes(Collections.nCopies(51, "a"))).hasSize(1);
  }

  @Test
  void none_may_hold_the_separator() {
    assertThat(bind(withConsent(URL + "scope=x,y")).refuseScopes(List.of("a,b")))
        .containsExactly("number 1 holds ',', which stands between two");
    assertThat(bind(withConsent(URL + "scope=x")).refuseScopes(List.of("a,b"))).isEmpty();
  }
}
