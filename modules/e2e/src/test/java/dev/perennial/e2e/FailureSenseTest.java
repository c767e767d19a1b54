package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.devstack.dialect.Dialect;
import dev.perennial.devstack.dialect.Dialect.Failure;
import dev.perennial.devstack.dialect.Dialect.Kind;
import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.exchanger.Answers;
import dev.perennial.integration.DefinitionDirectory;
import dev.perennial.integration.IntegrationCatalog;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Error answers of real providers mean what the provider means by them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailureSenseTest {
  private static final int LEAST = 20;
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Integrations integrations = integrations();

  /** One answer of one provider. */
  record Case(String slug, Failure failure) {
    @Override
    public String toString() {
      return "%s: %d %s".formatted(slug, failure.status(), failure.body());
    }
  }

  private static Integrations integrations() {
    Map<String, String> values = new HashMap<>();
    for (String slug : Catalogue.definitions()) {
      Catalogue.dialect(slug)
          .variables()
          .forEach((id, value) -> values.put(Catalogue.environmentName(slug, id), value));
    }
    return new IntegrationCatalog(
        DefinitionDirectory.read(Catalogue.DEFINITIONS),
        name -> Optional.ofNullable(values.get(name)),
        InstantSource.fixed(NOW),
        new SecureRandom());
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String slug : Catalogue.definitions()) {
      Dialect dialect = Catalogue.dialect(slug);
      dialect.errors().forEach(failure -> cases.add(new Case(slug, failure)));
    }
    return cases;
  }

  @Test
  void manyProvidersSayHowTheyRefuse() {
    assertThat(cases().stream().map(Case::slug).distinct().toList())
        .hasSizeGreaterThanOrEqualTo(LEAST);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anErrorAnswerHasItsMeaning(Case it) {
    Failure failure = it.failure();
    Map<String, String> headers = new HashMap<>(failure.headers());
    failure.contentType().ifPresent(type -> headers.put("Content-Type", type));
    Integration integration = integrations.find(it.slug()).orElseThrow();
    TokenOutcome outcome =
        Answers.read(
            integration,
            failure.kind() == Kind.REFRESH ? Phase.REFRESH : Phase.TOKEN,
            failure.status(),
            headers,
            failure.body().getBytes(StandardCharsets.UTF_8),
            NOW);
    assertThat(meaning(outcome)).as("%s", outcome).isEqualTo(failure.meaning());
  }

  private static String meaning(TokenOutcome outcome) {
    return switch (outcome) {
      case TokenOutcome.Refused _ -> "refused";
      case TokenOutcome.Throttled _ -> "throttled";
      case TokenOutcome.Unavailable _ -> "unavailable";
      case TokenOutcome.Misconfigured _ -> "misconfigured";
      case TokenOutcome.Granted _ -> "granted";
      case TokenOutcome.NotSent _ -> "not sent";
      case TokenOutcome.NoAnswer _ -> "no answer";
      case TokenOutcome.Unreadable _ -> "unreadable";
    };
  }
}
