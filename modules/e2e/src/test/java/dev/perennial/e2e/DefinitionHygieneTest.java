package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.devstack.dialect.Dialect;
import dev.perennial.devstack.dialect.Dialect.Kind;
import dev.perennial.integration.DefinitionCheck;
import dev.perennial.integration.Finding;
import dev.perennial.integration.Finding.Severity;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What every shipped definition says about itself, whatever its provider is like. */
class DefinitionHygieneTest {
  private static final int LEAST = 50;

  /** The first example of the format, kept as it came to us. */
  private static final String EXAMPLE = "google";

  /** Whose documentation has secrets in the query, and no other way. */
  private static final Map<String, String> SECRETS_IN_THE_QUERY =
      Map.of(
          "bullhorn", "the token and login services read their parameters from the query",
          "facebook", "the Graph API's token endpoint is documented as GET",
          "instagram", "the long-lived exchange and its refresh are documented as GET");

  static SortedSet<String> all() {
    return Catalogue.definitions();
  }

  static SortedSet<String> manifests() {
    SortedSet<String> slugs = new TreeSet<>(all());
    slugs.remove(EXAMPLE);
    return slugs;
  }

  @Test
  void everyDefinitionHasADialectAndThereAreManyOfThem() {
    assertThat(Catalogue.dialects()).isEqualTo(Catalogue.definitions());
    assertThat(Catalogue.definitions()).hasSizeGreaterThanOrEqualTo(LEAST);
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void theCheckHasNothingToSayButWhatIsToBeSet(String slug) {
    assertThat(findings(slug))
        .filteredOn(it -> it.severity() != Severity.NEED)
        .filteredOn(it -> !isExcused(slug, it))
        .isEmpty();
  }

  private static boolean isExcused(String slug, Finding finding) {
    return SECRETS_IN_THE_QUERY.containsKey(slug)
        && !finding.isError()
        && finding.reason().contains("stands in the query string");
  }

  @Test
  void anExcuseIsTakenBackOnceItIsNotNeeded() {
    for (String slug : SECRETS_IN_THE_QUERY.keySet()) {
      assertThat(findings(slug)).as(slug).anyMatch(it -> isExcused(slug, it));
    }
  }

  @Test
  void theExampleHasNoError() {
    assertThat(findings(EXAMPLE)).noneMatch(Finding::isError);
  }

  private static List<Finding> findings(String slug) {
    return new DefinitionCheck(_ -> Optional.empty()).check(List.of(Catalogue.file(slug)));
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void theManifestTellsAnOperatorWhatHeNeeds(String slug) {
    JsonNode manifest = Catalogue.json(slug);
    for (String member : List.of("name", "documentation_url", "setup")) {
      assertThat(manifest.path(member).asString("")).as(member).isNotBlank();
    }
    assertThat(URI.create(manifest.path("documentation_url").asString()).getScheme())
        .isEqualTo("https");
    for (String member : List.of("notes", "unverified")) {
      for (JsonNode sentence : manifest.path(member)) {
        assertThat(sentence.asString("")).as(member).isNotBlank();
      }
    }
    assertThat(manifest.path("initial_data_form")).as("variables").isNotEmpty();
    for (JsonNode variable : manifest.path("initial_data_form")) {
      for (String member : List.of("id", "name", "description")) {
        assertThat(variable.path(member).asString("")).as("%s: %s", variable, member).isNotBlank();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void aConsentSaysWhetherItCarriesAChallenge(String slug) {
    JsonNode oauth = Catalogue.json(slug).path("oauth");
    assertThat(oauth.path("pkce").isBoolean()).isEqualTo(oauth.has("authenticate_url"));
  }

  @ParameterizedTest
  @MethodSource("all")
  void aDefinitionAndItsDialectHaveTheSameParts(String slug) {
    JsonNode oauth = Catalogue.json(slug).path("oauth");
    Dialect dialect = Catalogue.dialect(slug);
    boolean consent = oauth.has("authenticate_url");
    assertThat(dialect.hasConsent()).as("consent").isEqualTo(consent);
    assertThat(dialect.has(Kind.DISCOVERY)).as("discovery").isEqualTo(oauth.has("discovery"));
    assertThat(dialect.has(Kind.PREPARE)).as("prepare").isEqualTo(oauth.has("prepare"));
    assertThat(dialect.has(Kind.REVOKE)).as("revoke").isEqualTo(oauth.has("revoke"));
    boolean refreshable = oauth.has("refresh") || (!consent && dialect.expiresIn() != null);
    assertThat(dialect.has(Kind.REFRESH)).as("refresh").isEqualTo(refreshable);
  }

  @Test
  void noTwoDefinitionsDifferInTheirNamesOnly() {
    Map<JsonNode, String> slugs = new HashMap<>();
    for (String slug : all()) {
      String other = slugs.put(Catalogue.json(slug).path("oauth"), slug);
      assertThat(other).as("the same as " + slug).isNull();
    }
  }
}
