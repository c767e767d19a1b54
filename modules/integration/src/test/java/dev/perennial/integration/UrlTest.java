package dev.perennial.integration;

import static dev.perennial.integration.Fixture.REDIRECT;
import static dev.perennial.integration.Fixture.bind;
import static dev.perennial.integration.Fixture.errors;
import static dev.perennial.integration.Fixture.withRefresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.RenderingException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request may go, and who may have a say in it. */
class UrlTest {

  private static String rendered(String url, Map<String, String> variables) {
    return bind(withRefresh("{\"url\": \"" + url + "\"}"), variables)
        .refreshRequest(FlowValues.forRefresh(REDIRECT, Map.of("e", "")))
        .uri()
        .toString();
  }

  private static String foreign(String url, Object host) {
    String json =
        """
        {"pkce": false, "authenticate_url": "https://a.example/auth",
         "allowed_hosts": ["accounts.zoho.com", "*.Zoho.eu"],
         "access_token": {"url": "https://a.example/t"}, "refresh": {"url": "%s"}}\
        """
            .formatted(url.replace("\"", "\\\""));
    return bind(json)
        .refreshRequest(FlowValues.forRefresh(REDIRECT, Map.of("host", host)))
        .uri()
        .toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          https://a.example                              | https://a.example
          HTTPS://A.example/x                            | HTTPS://A.example/x
          https://a.example:8443/x?y                     | https://a.example:8443/x?y
          https://a.example?x=1                          | https://a.example?x=1
          https://a.example/a b?c=d e&f=https://x/y      | https://a.example/a%20b?c=d%20e&f=https://x/y
          https://a.example/?s=é%20%zz{}^                | https://a.example/?s=%C3%A9%20%25zz%7B%7D%5E
          https://a.example/?a=1&&b=2&                   | https://a.example/?a=1&b=2
          https://a.example/?a=b=c&d                     | https://a.example/?a=b=c&d
          https://a.example/?v=*&t=1,2                   | https://a.example/?v=*&t=1,2
          https://{{ X }}.example/{{ Y }}/z              | https://x-1.example/a%2Fb/z
          https://x.example:{{ P }}/?{{ Y }}={{ Y }}     | https://x.example:81/?a%2Fb=a%2Fb
          {{ U }}                                        | https://u.example/base
          {{ U }}/token?x={{ X }}                        | https://u.example/base/token?x=x-1
          {{ Q }}?x=1                                    | https://u.example/b?a=1&x=1
          http://127.0.0.1:8080/t                        | http://127.0.0.1:8080/t
          http://127.9.8.7/t                             | http://127.9.8.7/t
          http://localhost/t                             | http://localhost/t
          http://[::1]:80/t                              | http://[::1]:80/t
          http://{{ L }}/t                               | http://localhost/t
          """)
  void renders(String url, String expected) {
    Map<String, String> variables =
        Map.of(
            "PERENNIAL_ACME_X", "x-1",
            "PERENNIAL_ACME_Y", "a/b",
            "PERENNIAL_ACME_P", "81",
            "PERENNIAL_ACME_L", "localhost",
            "PERENNIAL_ACME_U", "https://u.example/base",
            "PERENNIAL_ACME_Q", "https://u.example/b?a=1");
    assertThat(rendered(url, variables)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                   | the URL is empty
          /token                               | a URL starts with https://
          ftp://a.example                      | a URL starts with https://
          {{ S }}://a.example                  | only /, ? or # may follow
          {{ U }}.example/x                    | only /, ? or # may follow
          http://a.example/                    | only https is allowed
          http://127.0.0.1.evil.example/       | only https is allowed
          http://128.0.0.1/                    | only https is allowed
          https://user:pass@a.example/         | user information in a URL is refused
          https://{{ U }}@a.example/           | user information in a URL is refused
          https:///x                           | '' is not a host
          https://a..b/                        | is not a host
          https://-a.example/                  | is not a host
          https://a_b.example/                 | is not a host
          https://a b/                         | is not a host
          https://{{ U }}_x/                   | a host holds only
          https://a.example:x/                 | a port holds only digits
          https://a.example:/                  | a port holds only digits
          https://a.example/#x                 | a fragment is never sent
          https://{{ oauth.host }}/            | list the hosts it may name in allowed_hosts
          https://a.{{ refresh_token }}/       | list the hosts it may name in allowed_hosts
          {{ oauth.u }}/token                  | list the hosts it may name in allowed_hosts
          {{ oauth.u!U }}                      | list the hosts it may name in allowed_hosts
          """)
  void refuses_when_it_is_read(String url, String reason) {
    assertThat(errors(withRefresh("{\"url\": \"" + url + "\"}")))
        .singleElement()
        .asString()
        .startsWith("refresh.url: ")
        .contains(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          https://{{ V }}/              | evil.example/x              | a host holds only
          https://{{ V }}/              | a@evil.example              | a host holds only
          https://{{ V }}/              | evil..example               | is not a host
          https://{{ V }}.example/      | -                           | is not a host
          https://{{ V }}.example/      | .                           | is not a host
          http://{{ V }}/               | evil.example                | only https is allowed
          https://a.example:{{ V }}/    | 80/x                        | a port holds only digits
          https://a.example/{{ V }}/x   | ..                          | '..' segment
          https://a.example/{{ V }}/x   | .                           | '..' segment
          https://a.example/.{{ V }}/x  | .                           | '..' segment
          https://a.example/{{ V }}     | x/../y                      | '..' segment
          {{ V }}                       | http://evil.example/        | only https is allowed
          {{ V }}                       | ftp://a.example/            | only https is allowed
          {{ V }}                       | javascript:alert(1)         | does not render an absolute URL
          {{ V }}                       | //a.example                 | does not render an absolute URL
          {{ V }}                       | https://u:p@a.example/      | user information
          {{ V }}                       | https://a.example/#f        | does not render an absolute URL
          {{ V }}                       | https://a.example/ x        | does not render an absolute URL
          {{ V }}/path                  | https://a.example/?q=1      | cannot be followed by a path
          {{ V }}/../x                  | https://a.example           | '..' segment
          """)
  void refuses_a_value_that_would_lead_elsewhere(String url, String value, String reason) {
    assertThatThrownBy(() -> rendered(url, Map.of("PERENNIAL_ACME_V", value)))
        .isInstanceOf(RenderingException.class)
        .hasMessageStartingWith("acme: refresh.url: ")
        .hasMessageContaining(reason);
  }

  @Test
  void an_answer_may_name_the_hosts_that_are_allowed() {
    assertThat(foreign("https://{{ oauth.host }}/t", "accounts.zoho.com"))
        .isEqualTo("https://accounts.zoho.com/t");
    assertThat(foreign("https://{{ oauth.host }}/t", "Accounts.ZOHO.eu"))
        .isEqualTo("https://Accounts.ZOHO.eu/t");
    assertThat(foreign("{{ oauth.host }}/t", "https://a.b.zoho.eu/"))
        .isEqualTo("https://a.b.zoho.eu/t");
    assertThat(foreign("{{ oauth.none!\"https://accounts.zoho.com\" }}/t", "x"))
        .isEqualTo("https://accounts.zoho.com/t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "zoho.eu",
        "xzoho.eu",
        "accounts.zoho.com.evil.example",
        "zoho.com",
        "accounts.zoho.com.",
        "127.0.0.1"
      })
  void and_no_others(String host) {
    assertThatThrownBy(() -> foreign("https://{{ oauth.host }}/t", host))
        .isInstanceOf(RenderingException.class);
    assertThatThrownBy(() -> foreign("{{ oauth.host }}/t", "https://" + host))
        .isInstanceOf(RenderingException.class);
  }

  @Test
  void nor_the_port() {
    assertThatThrownBy(() -> foreign("{{ oauth.host }}/t", "https://accounts.zoho.com:22"))
        .hasMessageContaining("may not choose the port");
    assertThat(foreign("{{ oauth.host }}/t", "https://accounts.zoho.com:443"))
        .isEqualTo("https://accounts.zoho.com:443/t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "*.com", "a.*.example", "https://a.example", "a.example/x", "a b", ""})
  void an_entry_of_allowed_hosts_is_a_host(String entry) {
    String json =
        "{\"allowed_hosts\": [\""
            + entry
            + "\"], \"access_token\": {\"url\": \"https://a.example\"}}";
    assertThat(errors(json))
        .containsExactly("allowed_hosts[0]: must be a host, or *.host with a dot in it");
  }
}
