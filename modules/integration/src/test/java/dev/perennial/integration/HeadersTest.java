package dev.perennial.integration;

import static dev.perennial.integration.Fixture.CODE;
import static dev.perennial.integration.Fixture.REDIRECT;
import static dev.perennial.integration.Fixture.bind;
import static dev.perennial.integration.Fixture.errors;
import static dev.perennial.integration.Fixture.header;
import static dev.perennial.integration.Fixture.refresh;
import static dev.perennial.integration.Fixture.withRefresh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.TokenRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request carries in its headers, and what it may not. */
class HeadersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Basic {{CLIENT_ID}}:{{CLIENT_SECRET}}                      | id 1:s&c=r+t
          basic   {{ CLIENT_ID }}:{{ CLIENT_SECRET }}                | id 1:s&c=r+t
          Basic {{CLIENT_SECRET}}:                                   | s&c=r+t:
          Basic user:pass                                            | user:pass
          Basic {{ oauth.v }}:x                                      | \u00e9CRLF:x
          """)
  void basic_credentials_are_encoded_for_the_author(String value, String expected) {
    TokenRequest request = authorization(value);
    String plain = expected.replace("CRLF", "\r\n");
    assertThat(header(request, "Authorization"))
        .contains(
            "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Basic dXNlcjpwYXNz                                         | Basic dXNlcjpwYXNz
          Basic {{ base64(CLIENT_ID + ":" + CLIENT_SECRET) }}        | Basic aWQgMTpzJmM9cit0
          Bearer {{ access_token }}                                  | Bearer at
          Digest a:b                                                 | Digest a:b
          """)
  void other_authorization_headers_stay_as_they_are(String value, String expected) {
    assertThat(header(authorization(value), "Authorization")).contains(expected);
  }

  private static TokenRequest authorization(String value) {
    return refresh(
        """
        {"url": "https://a.example/t", "headers": {"Authorization": "%s"}}\
        """
            .formatted(value.replace("\"", "\\\"")),
        Map.of("v", "é\r\n", "access_token", "at"));
  }

  @Test
  void manifest_headers_apply_but_for_two_and_but_for_what_has_no_value_here() {
    String json =
        """
        {"headers": {"Authorization": "Bearer {{ oauth.access_token }}", "content-type": "text/x",
                     "X-Key": "{{ CLIENT_ID }}", "X-Tenant": "{{ oauth.tenant }}", "x-own": "no",
                     "Host": "evil.example", "User-Agent": "perennial"},
         "initial_data_form": [{"id": "CLIENT_ID"}],
         "oauth": {"pkce": false, "authenticate_url": "https://a.example/auth",
           "access_token": {"url": "https://a.example/t", "headers": {"X-Own": "yes"}},
           "refresh": {"url": "https://a.example/r", "headers": {"accept": "text/plain"}}}}
        """;
    Integration integration = bind(json);
    TokenRequest token = integration.tokenRequest(CODE);
    assertThat(token.headers())
        .extracting(TokenRequest.Header::name, TokenRequest.Header::value)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("X-Key", "id 1"),
            org.assertj.core.groups.Tuple.tuple("X-Own", "yes"),
            org.assertj.core.groups.Tuple.tuple("User-Agent", "perennial"),
            org.assertj.core.groups.Tuple.tuple("Accept", "application/json"));
    TokenRequest refresh =
        integration.refreshRequest(FlowValues.forRefresh(REDIRECT, Map.of("tenant", "t1")));
    assertThat(header(refresh, "X-Tenant")).contains("t1");
    assertThat(header(refresh, "Accept")).contains("text/plain");
    assertThat(Fixture.findings(json))
        .singleElement()
        .asString()
        .contains("warning: headers.X-Tenant: not sent with access_token");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"X-A": 5}                                     | headers.X-A ok
          {"X-A": true}                                  | refresh.headers.X-A: must be a text, is true or false
          {"X A": "x"}                                   | refresh.headers.X A: is not the name of a header
          {"X-A": "a\\r\\nB: c"}                         | refresh.headers.X-A: a header holds only visible ASCII
          {"Content-Length": "1"}                        | refresh.headers.Content-Length: this header is set by the HTTP client
          {"Content-Type": "{{ oauth.x }}"}              | refresh.headers.Content-Type: a Content-Type cannot hold a template
          {"X-A": "1", "x-a": "2"}                       | refresh.headers.x-a: written twice, in another case
          """)
  void headers_are_checked_when_they_are_read(String headers, String expected) {
    List<String> errors =
        errors(withRefresh("{\"url\": \"https://a.example/t\", \"headers\": " + headers + "}"));
    if (expected.endsWith("ok")) {
      assertThat(errors).isEmpty();
    } else {
      assertThat(errors).anySatisfy(error -> assertThat(error).startsWith(expected));
    }
  }
}
