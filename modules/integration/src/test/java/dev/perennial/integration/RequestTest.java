package dev.perennial.integration;

import static dev.perennial.integration.Fixture.CODE;
import static dev.perennial.integration.Fixture.CONSENT;
import static dev.perennial.integration.Fixture.REDIRECT;
import static dev.perennial.integration.Fixture.bind;
import static dev.perennial.integration.Fixture.body;
import static dev.perennial.integration.Fixture.errors;
import static dev.perennial.integration.Fixture.header;
import static dev.perennial.integration.Fixture.refresh;
import static dev.perennial.integration.Fixture.withRefresh;
import static dev.perennial.integration.Fixture.withToken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.TokenRequest;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests are put together: code, verifier, state, bodies, statuses. */
class RequestTest {

  private static TokenRequest token(String request) {
    return bind(withToken(request)).tokenRequest(CODE);
  }

  private static String pkce(String url, String request) {
    return """
    {"pkce": true, "authenticate_url": "%s", "access_token": %s}
    """
        .formatted(url, request);
  }

  @Test
  void the_code_stands_where_a_template_names_it() {
    TokenRequest inPath = token("{\"url\": \"https://a.example/t/{{ code }}\", \"data\": {}}");
    assertThat(inPath.uri()).hasToString("https://a.example/t/c%2F1");
    assertThat(body(inPath)).isEmpty();
    TokenRequest renamed =
        token("{\"url\": \"https://a.example/t\", \"data\": {\"auth_code\": \"{{code}}\"}}");
    assertThat(body(renamed)).isEqualTo("auth_code=c%2F1");
    TokenRequest inHeader =
        token(
            "{\"url\": \"https://a.example/t\", \"data\": {\"a\": \"b\"},"
                + " \"headers\": {\"X-Code\": \"{{code}}\"}}");
    assertThat(header(inHeader, "X-Code")).contains("c/1");
    assertThat(body(inHeader)).isEqualTo("a=b");
  }

  @Test
  void else_in_the_body_and_without_a_body_in_the_query() {
    assertThat(body(token("{\"url\": \"https://a.example/t\", \"data\": {\"a\": \"b\"}}")))
        .isEqualTo("a=b&code=c%2F1");
    assertThat(body(token("{\"url\": \"https://a.example/t\", \"data\": {}}")))
        .isEqualTo("code=c%2F1");
    assertThat(
            body(
                token(
                    "{\"url\": \"https://a.example/t\", \"data\": {\"a\": \"b\"},"
                        + " \"cast_data_to_json\": false}")))
        .isEqualTo("{\"a\":\"b\",\"code\":\"c/1\"}");
    assertThat(token("{\"url\": \"https://a.example/t?a=b\"}").uri())
        .hasToString("https://a.example/t?a=b&code=c%2F1");
    assertThat(token("{\"url\": \"https://a.example/t\"}").uri())
        .hasToString("https://a.example/t?code=c%2F1");
  }

  @Test
  void a_parameter_code_of_the_author_is_not_doubled() {
    String data = "{\"code\": \"{{ oauth.redirect_params.auth_code }}\"}";
    Integration integration =
        bind(withToken("{\"url\": \"https://a.example/t\", \"data\": " + data + "}"));
    FlowValues values =
        FlowValues.forCode(
            REDIRECT, null, null, Map.of("redirect_params", Map.of("auth_code", "x1")));
    assertThat(body(integration.tokenRequest(values))).isEqualTo("code=x1");
  }

  @Test
  void a_get_carries_its_data_in_the_query() {
    TokenRequest request =
        token(
            "{\"url\": \"https://a.example/t?x=1\", \"method\": \"get\","
                + " \"data\": {\"a\": \"b c\"}}");
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.uri()).hasToString("https://a.example/t?x=1&a=b%20c&code=c%2F1");
    assertThat(request.body()).isNull();
  }

  @Test
  void without_code_none_is_sent() {
    String json =
        """
        {"authenticate_url": "https://a.example/adminconsent?client_id={{ CLIENT_ID }}",
         "without_code": true,
         "access_token": {"url": "https://a.example/{{ oauth.redirect_params.tenant }}/token",
           "data": {"grant_type": "client_credentials"}}}
        """;
    Integration integration = bind(json);
    assertThat(integration.withoutCode()).isTrue();
    assertThat(integration.refreshable()).isFalse();
    Map<String, Object> kept = Map.of("redirect_params", Map.of("tenant", "t/../1"));
    TokenRequest request =
        integration.tokenRequest(
            FlowValues.forCode(
                REDIRECT, null, null, Map.of("redirect_params", Map.of("tenant", "t1"))));
    assertThat(request.uri()).hasToString("https://a.example/t1/token");
    assertThat(body(request)).isEqualTo("grant_type=client_credentials");
    assertThatThrownBy(
            () -> integration.tokenRequest(FlowValues.forCode(REDIRECT, null, null, kept)))
        .isInstanceOf(RenderingException.class)
        .hasMessageContaining("'..' segment");
    assertThatThrownBy(() -> integration.refreshRequest(FlowValues.forRefresh(REDIRECT, kept)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void without_a_browser_the_access_token_request_is_repeated() {
    Integration integration =
        bind(
            """
            {"access_token": {"url": "https://a.example/token",
              "data": {"grant_type": "client_credentials", "client_id": "{{ CLIENT_ID }}"}}}
            """);
    assertThat(integration.hasConsent()).isFalse();
    assertThat(integration.refreshable()).isTrue();
    TokenRequest first =
        integration.tokenRequest(FlowValues.forCode(REDIRECT, null, null, Map.of()));
    assertThat(body(first)).isEqualTo("grant_type=client_credentials&client_id=id+1");
    TokenRequest again =
        integration.refreshRequest(FlowValues.forRefresh(REDIRECT, Map.of("access_token", "x")));
    assertThat(body(again)).isEqualTo(body(first));
    assertThatThrownBy(() -> integration.consentUrl(CONSENT))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void state_and_challenge_are_appended_to_the_consent() {
    String request = "{\"url\": \"https://a.example/t\", \"data\": {\"g\": \"x\"}}";
    Integration integration = bind(pkce("https://a.example/auth?a=b#top", request));
    assertThat(integration.consentUrl(CONSENT))
        .hasToString(
            "https://a.example/auth?a=b&state=st&code_challenge=ch&code_challenge_method=S256#top");
    assertThat(body(integration.tokenRequest(CODE))).isEqualTo("g=x&code=c%2F1&code_verifier=ver");
    assertThat(
            bind(pkce("https://a.example/auth", "{\"url\": \"https://a.example/t\"}"))
                .tokenRequest(CODE)
                .uri())
        .hasToString("https://a.example/t?code=c%2F1&code_verifier=ver");
  }

  @Test
  void state_and_challenge_stand_where_templates_name_them() {
    String url = "https://a.example/#/auth?custom={{ state }}&c={{ code_challenge }}&m=S256";
    String request =
        "{\"url\": \"https://a.example/t\", \"data\": {\"v\": \"{{ code_verifier }}\"}}";
    Integration integration = bind(pkce(url, request));
    assertThat(integration.consentUrl(CONSENT))
        .hasToString("https://a.example/?code_challenge_method=S256#/auth?custom=st&c=ch&m=S256");
    assertThat(body(integration.tokenRequest(CODE))).isEqualTo("v=ver&code=c%2F1");
  }

  @Test
  void a_state_of_the_authors_own_is_replaced_by_ours() {
    String json =
        """
        {"pkce": false, "authenticate_url": "https://a.example/auth?state=fixed&x=1",
         "access_token": {"url": "https://a.example/t"}}\
        """;
    assertThat(bind(json).consentUrl(CONSENT)).hasToString("https://a.example/auth?x=1&state=st");
    assertThat(Fixture.findings(json)).singleElement().asString().contains("warning", "state");
  }

  @Test
  void a_verifier_that_is_not_given_is_named() {
    Integration integration =
        bind(pkce("https://a.example/auth", "{\"url\": \"https://a.example/t\"}"));
    assertThatThrownBy(() ->
            integration.tokenRequest(
                FlowValues.forCode(REDIRECT, dev.perennial.domain.Secret.of("c"), null, Map.of())))
        .hasMessage("acme: access_token.code_verifier: code_verifier has no value");
  }

  @Test
  void scopes_are_joined_and_left_out_where_there_are_none() {
    String json =
        """
        {"pkce": false, "authenticate_url": "https://a.example/auth?scope={{ scopes }}&x=1",
         %s "access_token": {"url": "https://a.example/t"}}\
        """;
    assertThat(
            bind(json.formatted("\"scopes\": [\"a:b\", \"c\"], \"scope_separator\": \",\","))
                .consentUrl(CONSENT))
        .hasToString("https://a.example/auth?scope=a%3Ab%2Cc&x=1&state=st");
    assertThat(bind(json.formatted("\"scopes\": [\"a\", \"b\"],")).consentUrl(CONSENT))
        .hasToString("https://a.example/auth?scope=a%20b&x=1&state=st");
    assertThat(bind(json.formatted("")).consentUrl(CONSENT))
        .hasToString("https://a.example/auth?x=1&state=st");
  }

  @Test
  void what_renders_empty_is_left_out_where_it_is_a_whole_value() {
    String request =
        """
        {"url": "https://a.example/t?q={{ oauth.e }}&r=x{{ oauth.e }}&s=",
         "headers": {"X-E": "{{ oauth.e }}", "X-F": "f{{ oauth.e }}"},
         "data": {"e": "{{ oauth.e }}", "f": "f{{ oauth.e }}", "g": "", "h": null}%s}\
        """;
    Map<String, Object> oauth = Map.of("e", "");
    TokenRequest form = refresh(request.formatted(""), oauth);
    assertThat(form.uri()).hasToString("https://a.example/t?r=x&s=");
    assertThat(header(form, "X-E")).isEmpty();
    assertThat(header(form, "X-F")).contains("f");
    assertThat(body(form)).isEqualTo("f=f&g=");
    TokenRequest json = refresh(request.formatted(", \"cast_data_to_json\": false"), oauth);
    assertThat(body(json)).isEqualTo("{\"f\":\"f\",\"g\":\"\",\"h\":null}");
  }

  @Test
  void json_bodies_keep_their_structure_and_escape_their_values() {
    TokenRequest request =
        refresh(
            """
            {"url": "https://a.example/t", "headers": {"content-type": "application/json; charset=utf-8"},
             "data": {"a\\"": {"b": ["x {{ oauth.v }}", 1.50, true, null, {}]}}}\
            """,
            Map.of("v", "\"},{{ oauth.v }}[=1]\n\uD83D\uDE00"));
    assertThat(body(request))
        .isEqualTo(
            "{\"a\\\"\":{\"b\":[\"x \\\"},{{ oauth.v }}[=1]\\n\uD83D\uDE00\",1.50,true,null,{}]}}");
    assertThat(request.body()).asString().startsWith("application/json; charset=utf-8");
    assertThat(header(request, "Content-Type")).isEmpty();
  }

  @Test
  void values_that_look_like_templates_stay_text_everywhere() {
    String hostile = "${1+1}<#stop>[=2][#x]{{ CLIENT_SECRET }}'\"";
    TokenRequest request =
        refresh(
            """
            {"url": "https://a.example/{{ oauth.v }}?q={{ oauth.v }}",
             "headers": {"X-V": "{{ oauth.v }}"}, "data": {"v": "{{ oauth.v }}"}}\
            """,
            Map.of("v", hostile));
    String encoded =
        "%24%7B1%2B1%7D%3C%23stop%3E%5B%3D2%5D%5B%23x%5D%7B%7B%20CLIENT_SECRET%20%7D%7D%27%22";
    assertThat(request.uri()).hasToString("https://a.example/" + encoded + "?q=" + encoded);
    assertThat(header(request, "X-V")).contains(hostile);
    assertThat(body(request)).isEqualTo("v=" + encoded.replace("%20", "+"));
  }

  @Test
  void large_values_pass_up_to_their_limit() {
    String large = "é".repeat(64 * 1024);
    String data = "{\"url\": \"https://a.example/t\", \"data\": {\"v\": \"{{ oauth.v }}\"}}";
    assertThat(body(refresh(data, Map.of("v", large)))).hasSize(2 + 6 * 64 * 1024);
    assertThatThrownBy(() -> refresh(data, Map.of("v", large + "x")))
        .isInstanceOf(RenderingException.class)
        .hasMessage("acme: refresh.data.v: oauth.v is longer than 65536 characters");
    assertThatThrownBy(
            () -> refresh("{\"url\": \"https://a.example/{{ oauth.v }}\"}", Map.of("v", large)))
        .hasMessage("acme: refresh.url: the URL is longer than 65536 characters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          201              | 201
          "201"            | 201
          [200, "202"]     | 200,202
          null             | ''
          """)
  void success_is_the_listed_status_or_any_2xx(String status, String expected) {
    TokenRequest request =
        refresh("{\"url\": \"https://a.example/t\", \"status_code\": " + status + "}", Map.of());
    assertThat(request.successStatus().stream().sorted().map(String::valueOf))
        .containsExactly(expected.equals("''") ? new String[0] : expected.split(",", -1));
  }

  @Test
  void body_and_now_can_be_signed() {
    TokenRequest request =
        refresh(
            """
            {"url": "https://a.example/t", "cast_data_to_json": false, "data": {"a": "b"},
             "headers": {"timestamp": "{{ now.ms }}", "signed": "{{ body + now.s }}", "at": "{{ now.iso }}"}}\
            """,
            Map.of());
    assertThat(header(request, "timestamp")).contains("1772360130000");
    assertThat(header(request, "signed")).contains("{\"a\":\"b\"}1772360130");
    assertThat(header(request, "at")).contains("2026-03-01T10:15:30Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "{\"b\": 1}"})
  void a_form_has_no_place_for_structure(String value) {
    assertThat(
            errors(
                withRefresh(
                    "{\"url\": \"https://a.example/t\", \"data\": {\"a\": " + value + "}}")))
        .singleElement()
        .asString()
        .startsWith("refresh.data.a: a form has no place for");
  }

  @Test
  void forms_take_numbers_and_flags_as_written() {
    assertThat(
            body(
                refresh(
                    "{\"url\": \"https://a.example/t\", \"data\": {\"n\": 1.50, \"f\": false}}",
                    new HashMap<>())))
        .isEqualTo("n=1.50&f=false");
  }

  @Test
  void two_variables_set_by_one_name_are_an_error() {
    assertThat(errors(withToken("{\"url\": \"https://a.example/{{ A-B }}/{{ a_b }}\"}")))
        .containsExactly("access_token.url: 'a_b' and 'A-B' are both set by PERENNIAL_ACME_A_B");
  }

  @Test
  void nothing_prints_a_secret() {
    Integration integration =
        bind(withToken("{\"url\": \"https://a.example/t?s={{ CLIENT_SECRET }}\"}"));
    assertThat(integration.toString()).isEqualTo("Integration[acme]");
    assertThat(integration.tokenRequest(CODE).toString()).isEqualTo("POST https://a.example/t");
  }
}
