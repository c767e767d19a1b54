package dev.perennial.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds docs/configuration.md to what the program knows. */
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("../../docs/configuration.md");

  @Test
  void everyKeyHasItsRowAndEveryRowItsKey() throws IOException {
    Map<String, List<String>> rows = rows();

    assertThat(rows.keySet())
        .containsExactlyInAnyOrderElementsOf(
            ConfigKey.all().stream()
                .map(key -> key.name().substring(ConfigKey.ROOT.length()))
                .toList());
  }

  @Test
  void everyRowSaysEnvironmentNameRangeAndDefault() throws IOException {
    Map<String, List<String>> rows = rows();

    for (ConfigKey key : ConfigKey.all()) {
      List<String> row =
          rows.getOrDefault(key.name().substring(ConfigKey.ROOT.length()), List.of());
      assertThat(row).as(key.name()).hasSize(5);
      assertThat(row.get(1)).isEqualTo("`" + key.env() + "`");
      Between range = key.range();
      if (range != null) {
        assertThat(row.get(2)).as(key.name()).endsWith(range.min() + " to " + range.max());
      }
      assertThat(row.get(2).contains("*secret*")).as(key.name()).isEqualTo(key.secret());
      assertThat(row.get(3))
          .as(key.name())
          .isEqualTo(key.defaultValue() == null ? "none" : "`" + key.defaultValue() + "`");
      assertThat(row.get(4)).as(key.name()).isNotBlank();
    }
  }

  /** Cells by key, without the row for Kafka's own properties. */
  private static Map<String, List<String>> rows() throws IOException {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("| `") && !line.contains("<name>")) {
        List<String> cells = List.of(line.substring(2, line.length() - 2).split(" \\| ", -1));
        rows.put(cells.getFirst().replace("`", ""), cells);
      }
    }
    return rows;
  }
}
