package dev.perennial.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.integration.DefinitionReader;
import dev.perennial.integration.Reading;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is drafted can be used as it is. */
class DefinitionDraftTest {
  private static final String METADATA = "https://id.example/.well-known/openid-configuration";

  static Stream<DefinitionDraft> every() {
    return IntStream.range(0, 32)
        .mapToObj(bits ->
            draft(
                (bits & 1) == 0 ? null : METADATA,
                (bits & 2) != 0,
                (bits & 4) != 0,
                (bits & 8) != 0,
                (bits & 16) != 0));
  }

  private static DefinitionDraft draft(
      @Nullable String discovery, boolean basic, boolean pkce, boolean refresh, boolean revokes) {
    return new DefinitionDraft(
        "Example",
        null,
        discovery,
        "https://example.com/authorize",
        "https://example.com/token",
        refresh ? List.of("read", "offline_access") : List.of(),
        basic,
        pkce,
        refresh,
        revokes);
  }

  @ParameterizedTest
  @MethodSource("every")
  void every_draft_passes_the_check_without_a_word(DefinitionDraft draft) {
    Reading reading =
        new DefinitionReader().read("example.json", draft.json().getBytes(StandardCharsets.UTF_8));
    assertThat(reading).isInstanceOf(Reading.Usable.class);
    assertThat(reading.findings()).isEmpty();
  }

  @Test
  void a_draft_is_written_for_people() {
    assertThat(draft(null, true, true, true, false).json())
        .startsWith("{\n  \"name\": \"Example\",\n")
        .contains("Basic {{ CLIENT_ID }}:{{ CLIENT_SECRET }}")
        .doesNotContain("\"client_secret\"")
        .endsWith("}\n");
  }
}
