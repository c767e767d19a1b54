package dev.perennial.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integration.Phase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whole definitions that need much of the language at once. */
class WholeDefinitionsTest {
  private static final Path FOLDER = Path.of("src/test/resources/definitions");

  private final IntegrationCatalog catalog =
      new IntegrationCatalog(
          DefinitionDirectory.read(FOLDER),
          _ -> Optional.empty(),
          InstantSource.fixed(Fixture.NOW),
          new Random(1));

  private Integration find(String slug) {
    return catalog.find(slug).orElseThrow();
  }

  @Test
  void they_read_without_an_error_or_a_warning() {
    List<Path> files = catalog.all().stream().map(i -> FOLDER.resolve(i.slug() + ".json")).toList();
    assertThat(files).hasSize(4);
    assertThat(new DefinitionCheck(_ -> Optional.of("x")).check(files)).isEmpty();
  }

  @Test
  void and_say_what_the_files_say() {
    assertThat(find("two-tokens").siblings()).hasSize(1);
    assertThat(find("two-tokens").revokes()).isTrue();
    assertThat(find("pushed").dpop()).isTrue();
    assertThat(find("pushed").prepares()).isTrue();
    assertThat(find("signed-fragment").stateParameter()).contains("customField");
    assertThat(find("signed-fragment").followUps(Phase.TOKEN)).hasSize(1);
    assertThat(find("signed-fragment").limit()).isPresent();
    assertThat(find("repeated").hasConsent()).isFalse();
    assertThat(find("repeated").refreshable()).isTrue();
    assertThat(find("repeated").connectionVariables())
        .singleElement()
        .satisfies(variable -> assertThat(variable.required()).isTrue());
  }
}
