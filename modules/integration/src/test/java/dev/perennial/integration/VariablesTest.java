package dev.perennial.integration;

import static dev.perennial.integration.Fixture.CONSENT;
import static dev.perennial.integration.Fixture.bind;
import static dev.perennial.integration.Fixture.definition;
import static dev.perennial.integration.Fixture.errors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.ReuseWindow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the operator gives, what the definition says about it, and which names there are. */
class VariablesTest {

  private static String manifest(String form, String url) {
    return """
    {"initial_data_form": %s,
     "oauth": {"pkce": false, "authenticate_url": "%s",
       "access_token": {"url": "https://a.example/t"}}}\
    """
        .formatted(form, url.replace("\"", "\\\""));
  }

  private static String consent(String form, String url, Map<String, String> variables) {
    return bind(manifest(form, url), variables).consentUrl(CONSENT).toString();
  }

  @Test
  void a_name_is_upper_case_with_underscores() {
    assertThat(Variables.variableName("exact-online", "client-id"))
        .isEqualTo("PERENNIAL_EXACT_ONLINE_CLIENT_ID");
  }

  @Test
  void a_default_stands_in_for_what_is_not_given() {
    String form = "[{\"id\": \"C\", \"default\": \"nl\", \"options\": [\"nl\", \"be\"]}]";
    String url = "https://x.{{ C }}/auth";
    assertThat(consent(form, url, Map.of())).isEqualTo("https://x.nl/auth?state=st");
    assertThat(consent(form, url, Map.of("PERENNIAL_ACME_C", ""))).startsWith("https://x.nl/");
    assertThat(consent(form, url, Map.of("PERENNIAL_ACME_C", "be"))).startsWith("https://x.be/");
  }

  @Test
  void a_value_that_is_not_allowed_stops_the_start_and_is_not_shown() {
    String form =
        """
        [{"id": "C", "options": ["nl", "be"]}, {"id": "SHOP", "pattern": "[a-z]+", "secret": true}]\
        """;
    String url = "https://{{ SHOP }}.{{ C }}/auth";
    assertThatThrownBy(() ->
            bind(
                manifest(form, url),
                Map.of("PERENNIAL_ACME_C", "planted1", "PERENNIAL_ACME_SHOP", "planted2")))
        .isInstanceOf(DefinitionProblems.class)
        .hasMessageContaining("initial_data_form[0].id: PERENNIAL_ACME_C must be one of nl, be")
        .hasMessageContaining("PERENNIAL_ACME_SHOP must match [a-z]+")
        .hasMessageNotContaining("planted");
  }

  @Test
  void a_pattern_that_runs_out_of_stack_is_no_match() {
    String form = "[{\"id\": \"A\", \"pattern\": \"(x|y)*\"}]";
    assertThatThrownBy(() ->
            bind(
                manifest(form, "https://a.example/{{ A }}"),
                Map.of("PERENNIAL_ACME_A", "xy".repeat(30_000) + "z")))
        .isInstanceOf(DefinitionProblems.class);
  }

  @Test
  void only_what_is_used_without_a_default_is_required() {
    String form =
        "[{\"id\": \"A\"}, {\"id\": \"B\"}, {\"id\": \"C\"}, {\"id\": \"D\", \"default\": \"\"}]";
    String url = "https://a.example/?a={{ A }}&b={{ B!\"\" }}&d={{ D }}";
    assertThat(bind(manifest(form, url), Map.of()).missingVariables())
        .containsExactly("PERENNIAL_ACME_A");
    assertThat(definition(manifest(form, url)).environmentNames())
        .containsExactlyInAnyOrder(
            "PERENNIAL_ACME_A", "PERENNIAL_ACME_B", "PERENNIAL_ACME_C", "PERENNIAL_ACME_D");
    assertThat(consent(form, url, Map.of("PERENNIAL_ACME_A", "1")))
        .isEqualTo("https://a.example/?a=1&state=st");
  }

  @Test
  void without_a_form_what_is_used_is_declared_required_and_secret() {
    Definition definition =
        definition(Fixture.withToken("{\"url\": \"https://a.example/{{ X }}/{{ if }}\"}"));
    assertThat(definition.variables())
        .extracting(Variable::id, Variable::required, Variable::secret)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("X", true, true),
            org.assertj.core.groups.Tuple.tuple("if", true, true));
  }

  @Test
  void with_a_form_an_undeclared_name_is_an_error() {
    assertThat(errors(manifest("[{\"id\": \"CLIENT_ID\"}]", "https://a.example/{{ CLIENT_IDD }}")))
        .containsExactly(
            "oauth.authenticate_url: CLIENT_IDD is not declared in initial_data_form; did you mean"
                + " CLIENT_ID?");
  }

  @Test
  void a_declared_name_wins_over_the_flow_but_not_over_two() {
    String form = "[{\"id\": \"code\"}, {\"id\": \"redirect_url\"}]";
    assertThat(
            consent(
                form,
                "https://a.example/?c={{ code }}&r={{ redirect_url }}",
                Map.of("PERENNIAL_ACME_CODE", "mine", "PERENNIAL_ACME_REDIRECT_URL", "evil")))
        .isEqualTo(
            "https://a.example/?c=mine&r=https%3A%2F%2Fperennial.example%2Fcallback%2Facme&state=st");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {{ code }}            | code has no value here
          {{ code_verifier }}   | code_verifier has no value here
          {{ code_challenge }}  | it is available only in authenticate_url with pkce
          {{ refresh_token }}   | it is available only in refresh
          {{ access_token }}    | it is available only in refresh
          {{ oauth.x }}         | there is no token response before a refresh
          {{ body }}            | it is available only in the url and headers of a request
          {{ jwt.a }}           | there is no jwt a
          {{ prepare.a }}       | it is available only in authenticate_url and access_token, after prepare
          {{ discovery.a }}     | it is available only where the definition has discovery
          {{ discovery }}       | discovery is an object: name a part of it, e.g. discovery.token_endpoint
          {{ jwt }}             | jwt is read by the name of one
          {{ oauth }}           | oauth is an object
          {{ now }}             | now is read as now.s, now.ms or now.iso
          {{ now.x }}           | now is read as now.s, now.ms or now.iso
          {{ state.x }}         | state has no parts
          {{ X.y }}             | X is a variable and has no parts
          """)
  void a_name_without_a_value_in_the_consent_is_an_error(String template, String reason) {
    assertThat(errors(Fixture.withConsent("https://a.example/?x=" + template)))
        .singleElement()
        .asString()
        .startsWith("authenticate_url: ")
        .contains(reason);
  }

  @Test
  void names_are_checked_in_the_requests_too() {
    assertThat(
            errors(
                Fixture.withRefresh(
                    "{\"url\": \"https://a.example/{{ state }}\", \"data\": {\"c\": \"{{ code }}\","
                        + " \"b\": \"{{ body }}\"}}")))
        .hasSize(3);
    assertThat(errors("{\"access_token\": {\"url\": \"https://a.example/{{ code }}\"}}"))
        .singleElement()
        .asString()
        .contains("only in access_token after a consent with a code");
    assertThat(
            errors(
                """
                {"pkce": false, "authenticate_url": "https://a.example", "store_redirect_parameters": false,
                 "access_token": {"url": "https://a.example/{{ oauth.redirect_params.x }}"}}\
                """))
        .singleElement()
        .asString()
        .contains("store_redirect_parameters is false");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id": "A"}, {"id": "A"}                | initial_data_form[1].id: 'A' is declared twice
          {"id": "a-b"}, {"id": "A_B"}            | both set by PERENNIAL_ACME_A_B
          {"name": "A"}                           | initial_data_form[0].id: is missing
          {"id": "a b"}                           | initial_data_form[0].id: must be letters
          {"id": 5}                               | initial_data_form[0].id: must be a text
          "A"                                     | initial_data_form[0]: must be an object
          {"id": "A", "pattern": "["}             | initial_data_form[0].pattern: not a regular expression
          {"id": "A", "options": ["x", 1]}        | initial_data_form[0].options[1]: must be a text
          {"id": "A", "options": ["x"], "default": "y"} | initial_data_form[0].default: the default must be one of x
          {"id": "A", "secret": "yes"}            | initial_data_form[0].secret: must be true or false
          """)
  void the_form_is_checked(String items, String expected) {
    assertThat(errors(manifest("[" + items + "]", "https://a.example")))
        .singleElement()
        .asString()
        .contains(expected);
  }

  @Test
  void lifetimes_are_durations() {
    String json =
        """
        {"access_token": {"url": "https://a.example"}, "lifetime": {"access_token": "3600s",
          "refresh_token": "90d", "grant": "365d", "refresh_window": "10m", "reuse_window": %s}}\
        """;
    assertThat(bind(json.formatted("\"24h\"")).lifetime())
        .isEqualTo(
            new Lifetime(
                Duration.ofHours(1),
                Duration.ofDays(90),
                Duration.ofDays(365),
                Duration.ofMinutes(10),
                ReuseWindow.of(Duration.ofHours(24))));
    assertThat(bind(json.formatted("\"always\"")).lifetime().reuseWindow())
        .isEqualTo(ReuseWindow.ALWAYS);
    assertThat(bind(json.formatted("\"0s\"")).lifetime().reuseWindow()).isEqualTo(ReuseWindow.NONE);
    assertThat(errors(json.formatted("5")))
        .containsExactly("lifetime.reuse_window: must be a text, is a number");
    assertThat(errors(json.formatted("\"0s\"").replace("90d", "0d")))
        .containsExactly("lifetime.refresh_token: must be longer than 0s");
  }

  @Test
  void one_name_cannot_set_two_variables(@TempDir Path folder) throws Exception {
    String json = "{\"access_token\": {\"url\": \"https://a.example/{{ %s }}\"}}";
    Files.writeString(folder.resolve("a-b.json"), json.formatted("C"));
    Files.writeString(folder.resolve("a.json"), json.formatted("B_C"));
    List<Definition> definitions = DefinitionDirectory.read(folder);
    assertThatThrownBy(() -> catalog(definitions))
        .isInstanceOf(DefinitionProblems.class)
        .hasMessageContaining("PERENNIAL_A_B_C would also set a variable of");
  }

  @Test
  void a_catalog_lists_its_integrations_by_slug() {
    List<Definition> definitions = List.of(named("b"), named("a"));
    IntegrationCatalog catalog = catalog(definitions);
    assertThat(catalog.all()).extracting(i -> i.slug()).containsExactly("a", "b");
    assertThat(catalog.find("c")).isEmpty();
    assertThat(catalog.variableNames()).containsExactly("PERENNIAL_A_X", "PERENNIAL_B_X");
    assertThatThrownBy(() -> catalog(List.of(named("a"), named("a"))))
        .isInstanceOf(DefinitionProblems.class);
  }

  private static Definition named(String slug) {
    byte[] json =
        "{\"access_token\": {\"url\": \"https://a.example/{{ X }}\"}}"
            .getBytes(StandardCharsets.UTF_8);
    return ((Reading.Usable) new DefinitionReader().read(slug + ".json", json)).definition();
  }

  private static IntegrationCatalog catalog(List<Definition> definitions) {
    return new IntegrationCatalog(
        definitions, _ -> Optional.empty(), InstantSource.fixed(Fixture.NOW), new Random(1));
  }

  @Test
  void check_warns_of_exposed_secrets_and_plain_http() {
    String json =
        """
        {"initial_data_form": [{"id": "ID"}, {"id": "PASS", "secret": true}],
         "oauth": {"authenticate_url": "https://a.example/?id={{ ID }}",
           "access_token": {"url": "http://localhost/t?id={{ ID }}&p={{ PASS }}"},
           "refresh": {"url": "https://a.example/t?r={{ oauth.refresh_token }}"}}}\
        """;
    assertThat(Fixture.findings(json))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).contains("warning: oauth.pkce: is not stated"),
            line -> assertThat(line).contains("warning: oauth.access_token.url: http:"),
            line -> assertThat(line).contains("warning: oauth.access_token.url: PASS stands"),
            line -> assertThat(line).contains("warning: oauth.refresh.url: oauth.refresh_token"));
  }

  @Test
  void damaged_files_are_read_or_refused_and_never_anything_else() {
    String whole =
        manifest(
                "[{\"id\": \"A\", \"pattern\": \"[a-z]+\", \"options\": [\"x\"]}]",
                "https://{{ A }}.example/?s={{ state }}")
            + "";
    Random random = new Random(20260302);
    String noise = "{}[]\",:\\/ \n\t{{}}01.eE+-truefalsnu\u0000é";
    for (int i = 0; i < 4_000; i++) {
      StringBuilder damaged = new StringBuilder(whole);
      for (int n = random.nextInt(4); n >= 0; n--) {
        int at = random.nextInt(damaged.length());
        switch (random.nextInt(3)) {
          case 0 -> damaged.deleteCharAt(at);
          case 1 -> damaged.insert(at, noise.charAt(random.nextInt(noise.length())));
          default -> damaged.setCharAt(at, noise.charAt(random.nextInt(noise.length())));
        }
      }
      Reading reading = Fixture.read(damaged.toString());
      boolean wrong = reading.findings().stream().anyMatch(Finding::isError);
      assertThat(wrong).isEqualTo(reading instanceof Reading.Unreadable);
    }
  }
}
