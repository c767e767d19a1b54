package dev.perennial.integration;

import static dev.perennial.integration.Fixture.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.TokenRequest;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The seed's own example, from its file to the exact requests. */
class GoogleDefinitionTest {
  private static final Path FOLDER = Path.of("../../integrations");
  private static final Path FILE = FOLDER.resolve("google.json");
  private static final String REDIRECT = "https://perennial.example/callback/google";
  private static final Map<String, String> VARIABLES =
      Map.of(
          "PERENNIAL_GOOGLE_CLIENT_ID", "123.apps.googleusercontent.com",
          "PERENNIAL_GOOGLE_CLIENT_SECRET", "GOCSPX-a/b+c");

  private final Integration google = catalog(VARIABLES).find("google").orElseThrow();

  private static IntegrationCatalog catalog(Map<String, String> variables) {
    return new IntegrationCatalog(
        DefinitionDirectory.read(FOLDER),
        name -> Optional.ofNullable(variables.get(name)),
        InstantSource.fixed(Fixture.NOW),
        new Random(1));
  }

  @Test
  void the_consent_url_is_the_authors_with_our_state_at_its_end() {
    URI url = google.consentUrl(FlowValues.forConsent(REDIRECT, Secret.of("st4te"), null));
    assertThat(url)
        .hasToString(
            "https://accounts.google.com/o/oauth2/v2/auth"
                + "?client_id=123.apps.googleusercontent.com"
                + "&redirect_uri=https%3A%2F%2Fperennial.example%2Fcallback%2Fgoogle"
                + "&response_type=code"
                + "&scope=https://www.googleapis.com/auth/admin.directory.user"
                + "&access_type=offline&prompt=consent&state=st4te");
  }

  @Test
  void the_code_is_appended_to_the_query_since_there_is_no_body() {
    TokenRequest request =
        google.tokenRequest(FlowValues.forCode(REDIRECT, Secret.of("4/0A&x"), null, Map.of()));
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.uri())
        .hasToString(
            "https://oauth2.googleapis.com/token?client_id=123.apps.googleusercontent.com"
                + "&client_secret=GOCSPX-a%2Fb%2Bc&grant_type=authorization_code"
                + "&redirect_uri=https%3A%2F%2Fperennial.example%2Fcallback%2Fgoogle"
                + "&code=4%2F0A%26x");
    assertThat(request.body()).isNull();
    assertThat(request.headers())
        .containsExactly(new TokenRequest.Header("Accept", "application/json"));
    assertThat(request.accepts(201)).isTrue();
  }

  @Test
  void a_refresh_is_a_form() {
    TokenRequest request =
        google.refreshRequest(FlowValues.forRefresh(REDIRECT, Map.of("refresh_token", "1//r t+")));
    assertThat(request.uri()).hasToString("https://oauth2.googleapis.com/token");
    assertThat(body(request))
        .isEqualTo(
            "client_id=123.apps.googleusercontent.com&grant_type=refresh_token"
                + "&client_secret=GOCSPX-a%2Fb%2Bc&refresh_token=1%2F%2Fr+t%2B");
    assertThat(request.body())
        .hasToString("application/x-www-form-urlencoded, " + body(request).length() + " bytes");
  }

  @Test
  void its_properties_are_those_the_file_says() {
    assertThat(google.slug()).isEqualTo("google");
    assertThat(google.hasConsent()).isTrue();
    assertThat(google.refreshable()).isTrue();
    assertThat(google.pkce()).isFalse();
    assertThat(google.withoutCode()).isFalse();
    assertThat(google.storesRedirectParameters()).isTrue();
    assertThat(google.lifetime()).isEqualTo(Lifetime.UNSAID);
    assertThat(google.missingVariables()).isEmpty();
  }

  @Test
  void without_variables_it_reads_and_names_what_is_missing() {
    Integration bare = catalog(Map.of()).find("google").orElseThrow();
    assertThat(bare.missingVariables())
        .containsExactlyInAnyOrder("PERENNIAL_GOOGLE_CLIENT_ID", "PERENNIAL_GOOGLE_CLIENT_SECRET");
    assertThatThrownBy(() -> bare.consentUrl(FlowValues.forConsent(REDIRECT, Secret.of("s"), null)))
        .isInstanceOf(RenderingException.class)
        .hasMessage(
            "google: oauth.authenticate_url: CLIENT_ID has no value: set"
                + " PERENNIAL_GOOGLE_CLIENT_ID");
  }

  @Test
  void a_missing_refresh_token_is_named_and_nothing_is_printed() {
    assertThatThrownBy(() ->
            google.refreshRequest(
                FlowValues.forRefresh(REDIRECT, Map.of("access_token", "planted"))))
        .isInstanceOf(RenderingException.class)
        .hasMessageStartingWith(
            "google: oauth.refresh.data.refresh_token: oauth.refresh_token has no value")
        .hasMessageNotContaining("planted");
  }

  @Test
  void check_warns_and_lists_its_needs() {
    List<String> lines =
        new DefinitionCheck(_ -> Optional.empty())
            .check(List.of(FILE)).stream().map(Finding::toString).toList();
    assertThat(lines)
        .anySatisfy(line -> assertThat(line).contains("warning: oauth.pkce: is not stated"))
        .anySatisfy(line ->
            assertThat(line)
                .contains("google.json:5:28: warning: oauth.access_token.url: CLIENT_SECRET"))
        .anySatisfy(line -> assertThat(line).endsWith("CLIENT_ID: set PERENNIAL_GOOGLE_CLIENT_ID"))
        .hasSize(4);
  }

  @Test
  void its_hosts_can_be_replaced_and_nothing_else() {
    Integration here =
        IntegrationCatalog.withAddressesReplaced(
                DefinitionDirectory.read(FOLDER),
                name -> Optional.ofNullable(VARIABLES.get(name)),
                InstantSource.fixed(Fixture.NOW),
                new Random(1),
                uri ->
                    URI.create(
                        uri.toString()
                            .replace("https://oauth2.googleapis.com", "http://127.0.0.1:9")))
            .find("google")
            .orElseThrow();
    assertThat(
            here.refreshRequest(FlowValues.forRefresh(REDIRECT, Map.of("refresh_token", "r")))
                .uri())
        .hasToString("http://127.0.0.1:9/token");
  }
}
