package dev.perennial.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What was exported once can be imported for ever. */
class GoldenExportTest {
  @Test
  void theLinesOfTheFirstFormatAreRead() throws IOException {
    ImportReader reader = new ImportReader(InstantSource.system());
    List<Import> read =
        lines().stream()
            .map(line -> reader.line(Json.read(line.getBytes(StandardCharsets.UTF_8))))
            .toList();
    assertThat(read)
        .extracting(Import::key)
        .containsExactly(new ConnectionKey("google", "acme"), new ConnectionKey("google", "old"));
    assertThat(read)
        .extracting(it -> ((Import.Content.Exported) it.content()).doubtful())
        .containsExactly(false, true);
    assertThat(((Import.Content.Exported) read.getFirst().content()).origin())
        .isEqualTo(new Origin(1_767_225_600_000_000L, 3));
  }

  private static List<String> lines() throws IOException {
    try (InputStream file = GoldenExportTest.class.getResourceAsStream("/golden/export.v1.jsonl");
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
