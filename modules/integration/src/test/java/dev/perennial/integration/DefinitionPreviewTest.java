package dev.perennial.integration;

import static dev.perennial.integration.Fixture.definition;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@code check --render} shows of a definition, and that it shows no secret. */
class DefinitionPreviewTest {

  private static List<String> lines(String json, Map<String, String> set) {
    return new DefinitionPreview(name -> Optional.ofNullable(set.get(name)))
        .lines(definition(json));
  }

  @Test
  void every_request_is_shown_in_the_order_of_a_credentials_life() {
    String json =
        """
        {"initial_data_form": [{"id": "ID"}, {"id": "SECRET", "secret": true, "default": "PLANTED"},
           {"id": "HOST", "per_connection": true, "options": ["a.example"]}, {"id": "EMPTY", "default": ""}],
         "oauth": {"pkce": true, "dpop": true, "scopes": ["a", "b"], "allowed_hosts": ["*.acme.example"],
           "discovery": "https://{{ HOST }}/.well-known/x",
           "prepare": {"url": "{{ discovery.par }}/x", "data": {"a": "{{ jwt.assertion }}"}},
           "jwt": {"assertion": {"key": "{{ SECRET }}", "algorithm": "HS256"}},
           "authenticate_url": "https://{{ HOST }}/auth?c={{ ID }}&s={{ scopes }}&e={{ EMPTY }}",
           "access_token": {"url": "https://{{ HOST }}:{{ ID }}/t/{{ SECRET }}",
             "headers": {"Authorization": "Basic {{ ID }}:{{ SECRET }}", "X-B": "{{ body }}"},
             "data": {"n": "{{ now.ms }}"}, "cast_data_to_json": false,
             "then": [{"method": "GET", "url": "{{ oauth.instance_url }}/me?c={{ claim(oauth.id_token, \\"sub\\") }}"}]},
           "refresh": {"url": "https://{{ HOST }}/r", "data": {"r": "{{ refresh_token }}"},
             "headers": {"Authorization": "Basic {{ base64(SECRET) }}", "X-Literal": "Basic abc"}},
           "tokens": {"u": {"path": "u"}, "v": {"path": "v", "refresh": {"url": "https://a.example/v"}}},
           "client_certificate": {"certificate": "{{ ID }}", "key": "{{ SECRET }}"},
           "revoke": {"url": "https://a.example/x", "data": {"t": "{{ access_token!oauth.x }}"}}}}\
        """;
    List<String> lines =
        lines(json, Map.of("PERENNIAL_ACME_ID", "12", "PERENNIAL_ACME_SECRET", "PLANTED"));
    assertThat(lines)
        .containsExactly(
            "acme: discovery",
            "  GET https://<HOST>/.well-known/x",
            "acme: prepare",
            "  POST <discovery.par>/x",
            "  Accept: application/json",
            "  DPoP: <proof>",
            "  (with the client certificate)",
            "  Content-Type: application/x-www-form-urlencoded",
            "  a=<jwt.assertion>",
            "acme: authenticate_url",
            "  GET https://<HOST>/auth?c=12&s=a%20b&state=<state>&code_challenge=<code_challenge>"
                + "&code_challenge_method=S256",
            "acme: access_token",
            "  POST https://<HOST>:12/t/<SECRET>",
            "  Authorization: Basic base64(12:<SECRET>)",
            "  X-B: {\"n\":\"<now.ms>\",\"code\":\"<code>\",\"code_verifier\":\"<code_verifier>\"}",
            "  Accept: application/json",
            "  DPoP: <proof>",
            "  (with the client certificate)",
            "  Content-Type: application/json",
            "  {\"n\":\"<now.ms>\",\"code\":\"<code>\",\"code_verifier\":\"<code_verifier>\"}",
            "acme: access_token.then[0]",
            "  GET <cannot be shown: acme: oauth.access_token.then[0].url: claim: the first"
                + " argument is not a JWT>",
            "  Accept: application/json",
            "  DPoP: <proof>",
            "  (with the client certificate)",
            "acme: refresh",
            "  POST https://<HOST>/r",
            "  Authorization: Basic base64(<SECRET>)",
            "  X-Literal: Basic abc",
            "  Accept: application/json",
            "  DPoP: <proof>",
            "  (with the client certificate)",
            "  Content-Type: application/x-www-form-urlencoded",
            "  r=<refresh_token>",
            "acme: tokens.u: as refresh, with tokens of its own",
            "acme: tokens.v",
            "  POST https://a.example/v",
            "  Accept: application/json",
            "  DPoP: <proof>",
            "  (with the client certificate)",
            "acme: revoke",
            "  POST https://a.example/x",
            "  Accept: application/json",
            "  DPoP: <proof>",
            "  (with the client certificate)",
            "  Content-Type: application/x-www-form-urlencoded",
            "  t=<access_token>");
    assertThat(String.join("\n", lines)).doesNotContain("PLANTED");
  }

  @Test
  void without_a_form_every_variable_counts_as_secret() {
    String json = Fixture.withToken("{\"url\": \"https://a.example/{{ CLIENT_ID }}?s={{ X }}\"}");
    assertThat(
            lines(
                json, Map.of("PERENNIAL_ACME_X", "PLANTED", "PERENNIAL_ACME_CLIENT_ID", "PLANTED")))
        .contains("  POST https://a.example/<CLIENT_ID>?s=<X>&code=<code>", "acme: refresh: none")
        .noneMatch(line -> line.contains("PLANTED"));
    assertThat(lines("{\"access_token\": {\"url\": \"https://a.example\"}}", Map.of()))
        .contains("acme: refresh: access_token is sent again");
  }

  @Test
  void a_lookup_is_not_asked_for_a_secret() {
    String json =
        """
        {"initial_data_form": [{"id": "S", "secret": true}],
         "oauth": {"access_token": {"url": "https://a.example/{{ S }}"}}}\
        """;
    assertThat(
            new DefinitionPreview(
                    name -> {
                      throw new AssertionError(name);
                    })
                .lines(definition(json)))
        .contains("  POST https://a.example/<S>");
  }

  @Test
  void a_line_is_one_line_whatever_the_file_says() {
    String json =
        "{\"access_token\": {\"url\": \"https://a.example\", \"cast_data_to_json\": false,"
            + " \"data\": {\"a\": \"x\\u202e\\n\"}}}";
    assertThat(lines(json, Map.of())).contains("  {\"a\":\"x?\\n\"}");
  }

  @Test
  void the_shipped_definitions_can_be_shown() {
    for (Definition shipped : DefinitionDirectory.read(Path.of("../../integrations"))) {
      assertThat(new DefinitionPreview(_ -> Optional.empty()).lines(shipped))
          .isNotEmpty()
          .noneMatch(line -> line.contains("7319460"));
    }
  }
}
