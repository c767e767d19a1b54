package dev.perennial.integration;

import static dev.perennial.integration.Fixture.CONSENT;
import static dev.perennial.integration.Fixture.bind;
import static dev.perennial.integration.Fixture.errors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.ConnectionVariable;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.RenderingException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variables that each connection gives, and which hosts it may name by them. */
class ConnectionTest {

  private static String manifest(String form, String url, String more) {
    return """
    {"initial_data_form": [%s],
     "oauth": {"pkce": false, %s "authenticate_url": "%s",
       "access_token": {"url": "https://a.example/t"}}}\
    """
        .formatted(form, more, url.replace("\\", "\\\\").replace("\"", "\\\""));
  }

  private static String variable(String more) {
    return "{\"id\": \"V\", \"per_connection\": true" + more.replace("\\", "\\\\") + "}";
  }

  private static String consent(Integration integration, Map<String, String> given) {
    return integration.consentUrl(CONSENT.in(ConnectionContext.of(given))).toString();
  }

  private static final String FORM =
      """
      {"id": "SHOP", "name": "Shop", "description": "before .shop.example", "per_connection": true,
       "pattern": "[a-z]+"},
      {"id": "REGION", "per_connection": true, "default": "eu", "options": ["eu", "us"]},
      {"id": "NOTE", "per_connection": true, "secret": true},
      {"id": "CLIENT_ID"}\
      """;
  private static final String URL =
      "https://{{ SHOP }}.shop.example/{{ REGION }}?c={{ CLIENT_ID }}&n={{ NOTE!\"\" }}";

  @Test
  void they_are_described_and_not_the_operators() {
    Definition definition = Fixture.definition(manifest(FORM, URL, ""));
    assertThat(definition.environmentNames()).containsExactly("PERENNIAL_ACME_CLIENT_ID");
    Integration integration = bind(manifest(FORM, URL, ""), Map.of());
    assertThat(integration.missingVariables()).containsExactly("PERENNIAL_ACME_CLIENT_ID");
    assertThat(integration.connectionVariables())
        .containsExactly(
            new ConnectionVariable(
                "SHOP", "Shop", "before .shop.example", false, true, null, List.of()),
            new ConnectionVariable("REGION", "REGION", "", false, false, "eu", List.of("eu", "us")),
            new ConnectionVariable("NOTE", "NOTE", "", true, false, null, List.of()));
  }

  @Test
  void their_values_come_with_the_connection_and_from_nowhere_else() {
    Integration integration =
        bind(
            manifest(FORM, URL, ""),
            Map.of("PERENNIAL_ACME_CLIENT_ID", "id", "PERENNIAL_ACME_SHOP", "operator"));
    assertThat(consent(integration, Map.of("SHOP", "toys")))
        .isEqualTo("https://toys.shop.example/eu?c=id&state=st");
    assertThat(consent(integration, Map.of("SHOP", "toys", "REGION", "us", "NOTE", "n")))
        .isEqualTo("https://toys.shop.example/us?c=id&n=n&state=st");
    assertThatThrownBy(() -> consent(integration, Map.of()))
        .isInstanceOf(RenderingException.class)
        .hasMessage("acme: oauth.authenticate_url: SHOP has no value: the connection must give it");
    assertThat(consent(integration, Map.of("SHOP", "toys", "CLIENT_ID", "evil"))).contains("c=id");
  }

  @Test
  void what_cannot_be_used_is_said_without_a_value() {
    Integration integration = bind(manifest(FORM, URL, ""));
    assertThat(integration.refuse(Map.of("SHOP", "toys", "REGION", ""))).isEmpty();
    assertThat(integration.refuse(Map.of())).containsExactly("SHOP is missing");
    assertThat(
            integration.refuse(
                Map.of("SHOP", "PLANTED", "REGION", "planted", "CLIENT_ID", "planted", "x\n", "")))
        .containsExactly(
            "CLIENT_ID is not a variable of a connection",
            "x? is not a variable of a connection",
            "SHOP must match [a-z]+",
            "REGION must be one of eu, us")
        .noneMatch(reason -> reason.toLowerCase(java.util.Locale.ROOT).contains("planted"));
    assertThat(integration.refuse(Map.of("SHOP", "a", "NOTE", "x".repeat(65537))))
        .containsExactly("NOTE is longer than 65536 characters");
  }

  @Test
  void a_value_that_is_no_longer_allowed_is_not_rendered() {
    Integration integration = bind(manifest(FORM, URL, ""));
    assertThatThrownBy(() -> consent(integration, Map.of("SHOP", "PLANTED")))
        .isInstanceOf(RenderingException.class)
        .hasMessage("acme: SHOP must match [a-z]+");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          https://{{ V }}.shop.example/     ; ``
          https://{{ V }}-x.shop.example/   ; ``
          https://a.shop.example/{{ V }}    ; ``
          https://{{ V }}.a.{{ W }}/        ; ``
          https://a.shop.{{ V }}/           ; , "options": ["com", "co.uk"]
          https://{{ left(V, 3) }}/         ; , "options": ["com", "co.uk"]
          {{ V }}/x                         ; , "options": ["https://a.example"]
          https://{{ V }}/                  ; , "pattern": "[a-z0-9.-]+\\.acme\\.example"
          https://{{ V!"a.acme.example" }}/ ; , "pattern": "(?:a|b)\\.acme\\.example"
          """)
  void a_variable_may_stand_in_a_host_where_it_cannot_choose_its_end(String url, String more) {
    assertThat(errors(manifest(variable(more) + ", {\"id\": \"W\"}", url, ""))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          https://{{ V }}/                  ; ``
          https://{{ V }}:8443/             ; ``
          https://{{ V }}.com/              ; ``
          https://{{ V }}acme.example/      ; ``
          https://x.{{ V }}/                ; ``
          https://{{ V }}{{ V }}/           ; ``
          https://{{ V }}/                  ; , "pattern": "[a-z0-9.-]+"
          https://{{ V }}/                  ; , "pattern": "[a-z0-9.-]+.acme.example"
          https://{{ V }}/                  ; , "pattern": "[a-z.]+|a\\.acme\\.example"
          https://{{ V }}/                  ; , "pattern": "[a-z.]+(\\.acme\\.example)?"
          https://{{ V }}/                  ; , "pattern": "(?x)[a-z.]+#\\.acme\\.example"
          https://{{ V }}/                  ; , "pattern": "[a-z]+\\.example"
          https://{{ left(V, 3) }}/         ; , "pattern": "[a-z]+\\.acme\\.example"
          https://{{ V + "x" }}/            ; , "pattern": "[a-z]+\\.acme\\.example"
          {{ V }}/x                         ; , "pattern": "https://.+\\.acme\\.example"
          """)
  void and_not_where_it_could_without_allowed_hosts(String url, String more) {
    assertThat(errors(manifest(variable(more), url, "")))
        .singleElement()
        .asString()
        .startsWith("oauth.authenticate_url: by V a connection could name any host here");
    assertThat(errors(manifest(variable(more), url, "\"allowed_hosts\": [\"*.acme.example\"],")))
        .isEmpty();
  }

  @Test
  void with_allowed_hosts_the_host_is_checked_when_it_is_rendered() {
    String allowed = "\"allowed_hosts\": [\"*.acme.example\", \"acme.other.example\"],";
    Integration integration = bind(manifest(variable(""), "https://{{ V }}/", allowed));
    assertThat(consent(integration, Map.of("V", "a.acme.example")))
        .isEqualTo("https://a.acme.example/?state=st");
    assertThatThrownBy(() -> consent(integration, Map.of("V", "evil.example")))
        .isInstanceOf(RenderingException.class)
        .hasMessageContaining("not in allowed_hosts");
  }

  @Test
  void metadata_from_a_host_that_a_connection_chose_chooses_none() {
    String json =
        """
        {"initial_data_form": [{"id": "V", "per_connection": true}],
         "oauth": {"pkce": false, %s "discovery": "https://{{ V }}/.well-known/x",
           "authenticate_url": "{{ discovery.authorize }}",
           "access_token": {"url": "{{ discovery.token }}"}}}\
        """;
    assertThat(errors(json.formatted(""))).isNotEmpty();
    Integration integration = bind(json.formatted("\"allowed_hosts\": [\"*.acme.example\"],"));
    ConnectionContext context = ConnectionContext.of(Map.of("V", "a.acme.example"));
    assertThat(
            integration.consentUrl(
                CONSENT.in(context.withDiscovery(Map.of("authorize", "https://b.acme.example/x")))))
        .hasToString("https://b.acme.example/x?state=st");
    assertThatThrownBy(() ->
            integration.consentUrl(
                CONSENT.in(context.withDiscovery(Map.of("authorize", "https://evil.example")))))
        .hasMessageContaining("not in allowed_hosts");
  }

  @Test
  void several_values_of_a_secret_are_tried_in_order() {
    String json =
        """
        {"initial_data_form": [{"id": "S", "secret": true}, {"id": "T", "secret": true},
                               {"id": "P"}],
         "oauth": {"access_token": {"url": "https://a.example/{{ P }}",
           "data": {"s": "{{ S }}", "t": "{{ T }}"}}}}\
        """;
    Integration integration =
        bind(
            json,
            Map.of(
                "PERENNIAL_ACME_S", "[\"s1\", \"s2\"]",
                "PERENNIAL_ACME_T", "t1",
                "PERENNIAL_ACME_P", "[\"p\"]"));
    assertThat(integration.secretChoices()).isEqualTo(2);
    assertThat(token(integration, 0)).isEqualTo("s=s1&t=t1");
    assertThat(token(integration, 1)).isEqualTo("s=s2&t=t1");
    assertThat(token(integration, 7)).isEqualTo("s=s2&t=t1");
    assertThat(integration.tokenRequest(Fixture.CODE).uri())
        .hasToString("https://a.example/%5B%22p%22%5D");
  }

  private static String token(Integration integration, int choice) {
    return Fixture.body(
        integration.tokenRequest(Fixture.CODE.in(ConnectionContext.NONE.withSecretChoice(choice))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ["a"]                                   | 1
          ["a","b","c","d","e"]                   | 5
          ["a","b","c","d","e","f"]               | 1
          []                                      | 1
          [""]                                    | 1
          ["a", 5]                                | 1
          ["a"] x                                 | 1
          ["a"                                    | 1
          [a]                                     | 1
          {"a": "b"}                              | 1
          """)
  void only_a_list_of_texts_is_one(String value, int expected) {
    List<String> read = SecretList.read(value);
    assertThat(read).hasSize(expected);
    if (expected == 1 && !value.equals("[\"a\"]")) {
      assertThat(read).containsExactly(value);
    }
  }

  @Test
  void each_value_of_a_list_must_be_allowed() {
    String json =
        """
        {"initial_data_form": [{"id": "S", "secret": true, "pattern": "[a-z]+"}],
         "oauth": {"access_token": {"url": "https://a.example/{{ S }}"}}}\
        """;
    assertThatThrownBy(() -> bind(json, Map.of("PERENNIAL_ACME_S", "[\"ok\", \"PLANTED\"]")))
        .isInstanceOf(DefinitionProblems.class)
        .hasMessageContaining("PERENNIAL_ACME_S must match [a-z]+")
        .hasMessageNotContaining("PLANTED");
  }
}
