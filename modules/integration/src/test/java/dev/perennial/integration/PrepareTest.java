package dev.perennial.integration;

import static dev.perennial.integration.Fixture.CODE;
import static dev.perennial.integration.Fixture.CONSENT;
import static dev.perennial.integration.Fixture.REDIRECT;
import static dev.perennial.integration.Fixture.bind;
import static dev.perennial.integration.Fixture.body;
import static dev.perennial.integration.Fixture.errors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.RenderingException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of a provider before the consent: metadata, a pushed request, a device code. */
class PrepareTest {
  private static final String PUSHED =
      """
      {"pkce": true, "discovery": "https://{{ HOST }}/.well-known/oauth-authorization-server",
       "prepare": {"url": "{{ discovery.par }}", "data": {"client_id": "{{ CLIENT_ID }}",
         "state": "{{ state }}", "code_challenge": "{{ code_challenge }}",
         "redirect_uri": "{{ redirect_url }}", "scope": "{{ scopes }}"}},
       "scopes": ["x"],
       "authenticate_url": "{{ discovery.authorize }}?client_id={{ CLIENT_ID }}&request_uri={{ prepare.request_uri }}",
       "access_token": {"url": "{{ discovery.token }}", "data": {"p": "{{ prepare.request_uri }}"}},
       "refresh": {"url": "{{ discovery.token }}"}}\
      """;

  private static final Map<String, String> VARIABLES =
      Map.of("PERENNIAL_ACME_CLIENT_ID", "id", "PERENNIAL_ACME_HOST", "as.example");

  private static final ConnectionContext CONTEXT =
      ConnectionContext.NONE
          .withDiscovery(
              Map.of(
                  "par", "https://as.example/par",
                  "authorize", "https://other.example/authorize?x=1",
                  "token", "https://as.example/token"))
          .withPrepare(Map.of("request_uri", "urn:1"));

  private final Integration pushed = bind(PUSHED, VARIABLES);

  @Test
  void the_metadata_is_where_the_definition_says() {
    assertThat(pushed.discoveryUrl(CONSENT))
        .hasValueSatisfying(url ->
            assertThat(url)
                .hasToString("https://as.example/.well-known/oauth-authorization-server"));
    assertThat(bind(Fixture.withConsent("https://a.example")).discoveryUrl(CONSENT)).isEmpty();
  }

  @Test
  void what_is_pushed_is_not_said_again() {
    assertThat(pushed.prepares()).isTrue();
    assertThat(pushed.prepareRequest(CONSENT.in(CONTEXT)).uri())
        .hasToString("https://as.example/par");
    assertThat(body(pushed.prepareRequest(CONSENT.in(CONTEXT))))
        .isEqualTo(
            "client_id=id&state=st&code_challenge=ch&redirect_uri="
                + "https%3A%2F%2Fperennial.example%2Fcallback%2Facme&scope=x");
    assertThat(pushed.consentUrl(CONSENT.in(CONTEXT)))
        .hasToString("https://other.example/authorize?x=1&client_id=id&request_uri=urn%3A1");
  }

  @Test
  void what_is_not_pushed_is() {
    String json =
        PUSHED
            .replace("\"state\": \"{{ state }}\",", "")
            .replace("\"code_challenge\": \"{{ code_challenge }}\",", "");
    assertThat(bind(json, VARIABLES).consentUrl(CONSENT.in(CONTEXT)))
        .hasToString(
            "https://other.example/authorize?x=1&client_id=id&request_uri=urn%3A1"
                + "&state=st&code_challenge=ch&code_challenge_method=S256");
  }

  @Test
  void both_are_read_by_the_access_token_request() {
    assertThat(body(pushed.tokenRequest(CODE.in(CONTEXT))))
        .isEqualTo("p=urn%3A1&code=c%2F1&code_verifier=ver");
    assertThat(pushed.refreshRequest(FlowValues.forRefresh(REDIRECT, Map.of()).in(CONTEXT)).uri())
        .hasToString("https://as.example/token");
    assertThatThrownBy(() -> pushed.refreshRequest(FlowValues.forRefresh(REDIRECT, Map.of())))
        .isInstanceOf(RenderingException.class)
        .hasMessage(
            "acme: refresh.url: discovery.token has no value in the authorization server's"
                + " metadata");
  }

  @Test
  void a_device_grant_has_no_browser_and_is_not_repeated() {
    Integration device =
        bind(
            """
            {"prepare": {"url": "https://a.example/device", "data": {"scope": "{{ scopes }}"}},
             "access_token": {"url": "https://a.example/t", "data": {"d": "{{ prepare.device_code }}"}}}\
            """);
    assertThat(device.hasConsent()).isFalse();
    assertThat(device.refreshable()).isFalse();
    FlowValues values =
        FlowValues.forCode(REDIRECT, null, null, Map.of())
            .in(ConnectionContext.NONE.withPrepare(Map.of("device_code", "dc")));
    assertThat(body(device.tokenRequest(values))).isEqualTo("d=dc");
    assertThat(body(device.prepareRequest(values))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "discovery": 5                                             | discovery: must be a text
          "discovery": "http://a.example"                            | discovery: only https is allowed
          "discovery": "https://a.example/{{ redirect_url }}"        | discovery: redirect_url has no value here: there are only variables
          "discovery": "https://a.example/#x"                        | discovery: a fragment is never sent
          "prepare": "https://a.example"                             | prepare: must be an object
          "prepare": {}                                              | prepare.url: is missing
          "prepare": {"url": "https://a.example/{{ code }}"}         | prepare.url: code has no value here
          "prepare": {"url": "https://a.example/{{ code_challenge }}"} | prepare.url: code_challenge has no value here
          "prepare": {"url": "https://a.example/{{ prepare.x }}"}    | prepare.url: prepare.x has no value here
          "prepare": {"url": "https://a.example/{{ oauth.x }}"}      | prepare.url: oauth.x has no value here
          "prepare": {"url": "https://a.example"}, "refresh": {"url": "https://a.example/{{ prepare.x }}"} | refresh.url: prepare.x has no value here
          "prepare": {"url": "https://a.example"}, "refresh": {"url": "https://a.example/{{ discovery.x }}"} | refresh.url: discovery.x has no value here
          """)
  void each_is_checked(String members, String expected) {
    assertThat(
            errors(
                """
                {"pkce": false, "authenticate_url": "https://a.example",
                 "access_token": {"url": "https://a.example"}, %s}\
                """
                    .formatted(members)))
        .singleElement()
        .asString()
        .startsWith(expected);
  }

  @Test
  void an_answer_to_prepare_does_not_choose_a_host() {
    String json =
        """
        {"pkce": false, "prepare": {"url": "https://a.example"},
         "authenticate_url": "{{ prepare.url }}", "access_token": {"url": "https://a.example"}}\
        """;
    assertThat(errors(json))
        .singleElement()
        .asString()
        .startsWith("authenticate_url: a callback or an answer puts its host here");
  }

  @Test
  void a_state_needs_a_consent() {
    assertThat(
            errors(
                """
                {"prepare": {"url": "https://a.example/{{ state }}"},
                 "access_token": {"url": "https://a.example"}}\
                """))
        .singleElement()
        .asString()
        .startsWith("prepare.url: state has no value here");
  }
}
