package dev.perennial.integration;

import static dev.perennial.integration.Fixture.REDIRECT;
import static dev.perennial.integration.Fixture.bind;
import static dev.perennial.integration.Fixture.body;
import static dev.perennial.integration.Fixture.errors;
import static dev.perennial.integration.Fixture.findings;
import static dev.perennial.integration.Fixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.FollowUp;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.definition.SiblingToken;
import dev.perennial.domain.definition.TokenRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests beside the first: what follows one, what refreshes another token, what ends a grant. */
class StepsTest {
  private static final String ALL =
      """
      {"pkce": false, "authenticate_url": "https://a.example/auth",
       "allowed_hosts": ["*.acme.example"],
       "access_token": {"url": "https://a.example/t", "data": {"a": "b"}, "then": [
         {"method": "GET", "url": "https://a.example/long?t={{ access_token }}"},
         {"url": "{{ oauth.instance_url }}/me/{{ oauth.redirect_params.org }}", "into": "me-1",
          "optional": true, "headers": {"Authorization": "Bearer {{ oauth.access_token }}"}}]},
       "refresh": {"url": "https://a.example/r", "data": {"r": "{{ refresh_token }}"},
         "then": [{"url": "https://a.example/again/{{ refresh_token }}"}]},
       "tokens": {"user": {"path": "authed.user"},
         "site": {"path": "site", "refresh": {"url": "https://a.example/s",
           "data": {"s": "{{ refresh_token }}", "id": "{{ CLIENT_ID }}"}}}},
       "revoke": {"url": "https://a.example/x", "data": {"token": "{{ access_token }}"}}}\
      """;

  private static final Map<String, Object> OAUTH =
      Map.of(
          "access_token", "at",
          "refresh_token", "rt",
          "instance_url", "https://eu.acme.example",
          "redirect_params", Map.of("org", "o1"));

  private static final FlowValues REFRESH = FlowValues.forRefresh(REDIRECT, OAUTH);

  private final Integration integration = bind(ALL);

  @Test
  void follow_ups_are_listed_and_read_the_answers_so_far() {
    assertThat(integration.followUps(Phase.TOKEN))
        .containsExactly(new FollowUp(null, false), new FollowUp("me-1", true));
    assertThat(integration.followUps(Phase.REFRESH)).containsExactly(new FollowUp(null, false));
    TokenRequest first = integration.followUpRequest(Phase.TOKEN, 0, REFRESH);
    assertThat(first.method()).isEqualTo("GET");
    assertThat(first.uri()).hasToString("https://a.example/long?t=at");
    TokenRequest second = integration.followUpRequest(Phase.TOKEN, 1, REFRESH);
    assertThat(second.uri()).hasToString("https://eu.acme.example/me/o1");
    assertThat(header(second, "Authorization")).contains("Bearer at");
    assertThat(integration.followUpRequest(Phase.REFRESH, 0, REFRESH).uri())
        .hasToString("https://a.example/again/rt");
    assertThatThrownBy(() -> integration.followUpRequest(Phase.REFRESH, 1, REFRESH))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_code_is_no_part_of_a_follow_up() {
    TokenRequest first = integration.tokenRequest(Fixture.CODE);
    assertThat(body(first)).isEqualTo("a=b&code=c%2F1");
    assertThat(integration.followUpRequest(Phase.TOKEN, 0, REFRESH).uri().getQuery())
        .doesNotContain("code");
  }

  @Test
  void a_foreign_host_is_checked_in_a_follow_up_too() {
    FlowValues evil =
        FlowValues.forRefresh(
            REDIRECT,
            Map.of(
                "access_token", "at",
                "instance_url", "https://evil.example",
                "redirect_params", Map.of("org", "o")));
    assertThatThrownBy(() -> integration.followUpRequest(Phase.TOKEN, 1, evil))
        .hasMessageContaining("access_token.then[1].url: the host it renders is not in");
    assertThat(errors(ALL.replace("\"allowed_hosts\": [\"*.acme.example\"],", "")))
        .singleElement()
        .asString()
        .startsWith("access_token.then[1].url: a callback or an answer puts its host here");
  }

  @Test
  void a_sibling_has_a_request_of_its_own_or_the_main_one() {
    assertThat(integration.siblings())
        .containsExactly(
            new SiblingToken("user", List.of("authed", "user")),
            new SiblingToken("site", List.of("site")));
    assertThat(body(integration.siblingRequest("user", REFRESH))).isEqualTo("r=rt");
    assertThat(body(integration.siblingRequest("site", REFRESH))).isEqualTo("s=rt&id=id+1");
    assertThatThrownBy(() -> integration.siblingRequest("x", REFRESH))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_grant_can_be_revoked() {
    assertThat(integration.revokes()).isTrue();
    assertThat(body(integration.revokeRequest(REFRESH))).isEqualTo("token=at");
    assertThatThrownBy(() -> bind(Fixture.withConsent("https://a.example")).revokeRequest(REFRESH))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void where_the_access_token_request_is_repeated_so_is_what_follows() {
    Integration repeated =
        bind(
            """
            {"access_token": {"url": "https://a.example/t",
              "then": [{"url": "https://a.example/n/{{ access_token }}"}]}}\
            """);
    assertThat(repeated.followUps(Phase.REFRESH)).hasSize(1);
    assertThat(repeated.followUpRequest(Phase.REFRESH, 0, REFRESH).uri())
        .hasToString("https://a.example/n/at");
    Integration permanent =
        bind(
            Fixture.withToken(
                "{\"url\": \"https://a.example/t\", \"then\": [{\"url\":"
                    + " \"https://a.example\"}]}"));
    assertThat(permanent.followUps(Phase.TOKEN)).hasSize(1);
    assertThat(permanent.followUps(Phase.REFRESH)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "access_token": {"url": "https://a.example", "then": {}}                   | access_token.then: must be a list
          "access_token": {"url": "https://a.example", "then": [5]}                  | access_token.then[0]: must be an object
          "access_token": {"url": "https://a.example", "then": [{}]}                 | access_token.then[0].url: is missing
          "access_token": {"url": "https://a.example", "then": [{"url": "https://a.example", "into": "a b"}]}       | access_token.then[0].into: a name has letters
          "access_token": {"url": "https://a.example", "then": [{"url": "https://a.example", "into": "perennial"}]} | access_token.then[0].into: 'perennial' is taken
          "access_token": {"url": "https://a.example", "then": [{"url": "https://a.example", "optional": 1}]}       | access_token.then[0].optional: must be true or false
          "access_token": {"url": "https://a.example", "then": [{"url": "https://a.example", "then": []}]}          | access_token.then[0].then: unknown key 'then'; requests that follow belong to
          "access_token": {"url": "https://a.example", "then": [{"url": "https://a.example/{{ code }}"}]}           | access_token.then[0].url: code has no value here
          "access_token": {"url": "https://a.example", "into": "x"}                  | access_token.into: unknown key 'into'
          "access_token": {"url": "https://a.example/{{ access_token }}"}            | access_token.url: access_token has no value here
          "revoke": {"url": "https://a.example", "then": []}                         | revoke.then: unknown key 'then'; requests that follow belong to
          "revoke": {"url": "https://a.example/{{ state }}"}                         | revoke.url: state has no value here
          "revoke": "https://a.example"                                              | revoke: must be an object
          "tokens": []                                                               | tokens: must be an object
          "tokens": {"a": 5}                                                         | tokens.a: must be an object
          "tokens": {"a b": {"path": "a", "refresh": {"url": "https://a.example"}}}  | tokens.a b: a name has letters
          "tokens": {"a": {"refresh": {"url": "https://a.example"}}}                 | tokens.a.path: is missing
          "tokens": {"a": {"path": ["a"], "refresh": {"url": "https://a.example"}}}  | tokens.a.path: must be a text
          "tokens": {"a": {"path": "a"}}                                             | tokens.a.refresh: is missing, and there is no refresh
          "tokens": {"a": {"path": "a", "refresh": {"url": "https://{{ access_token }}"}}} | tokens.a.refresh.url: a callback or an answer puts its host here
          """)
  void each_is_checked(String member, String expected) {
    String base =
        member.startsWith("\"access_token\"")
            ? ""
            : ", \"access_token\": {\"url\": \"https://a.example\"}";
    assertThat(
            errors(
                "{\"pkce\": false, \"authenticate_url\": \"https://a.example\", "
                    + member
                    + base
                    + "}"))
        .singleElement()
        .asString()
        .startsWith(expected);
  }

  @Test
  void at_most_eight_follow() {
    String step = "{\"url\": \"https://a.example\"}";
    String nine = "[" + (step + ",").repeat(8) + step + "]";
    String request = "{\"url\": \"https://a.example\", \"then\": %s}";
    assertThat(errors(Fixture.withToken(request.formatted(nine))))
        .containsExactly("access_token.then: at most 8 requests can follow");
    String eight = "[" + (step + ",").repeat(7) + step + "]";
    assertThat(bind(Fixture.withToken(request.formatted(eight))).followUps(Phase.TOKEN)).hasSize(8);
  }

  @Test
  void secrets_in_queries_are_told_of_every_request() {
    String exposed = "https://a.example/?t={{ refresh_token }}";
    String json =
        """
        {"pkce": false, "authenticate_url": "https://a.example/auth",
         "access_token": {"url": "https://a.example/t", "then": [{"url": "%1$s"}]},
         "refresh": {"url": "https://a.example/r", "then": [{"url": "%1$s"}]},
         "tokens": {"a": {"path": "a", "refresh": {"url": "%1$s"}}},
         "prepare": {"url": "https://a.example/?s={{ CLIENT_SECRET }}"},
         "revoke": {"url": "%1$s"}}\
        """
            .formatted(exposed);
    assertThat(findings(json))
        .hasSize(5)
        .allSatisfy(line -> assertThat(line).contains("stands in the query string"));
  }
}
