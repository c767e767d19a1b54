package dev.perennial.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.perennial.domain.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariablesTest {
  @TempDir Path directory = Path.of("");

  @Test
  void theEnvironmentWinsOverTheFileUnlessItIsEmpty() throws IOException {
    Path file = directory.resolve("secrets");
    Files.writeString(file, "# remark\n\nPERENNIAL_A=a\nPERENNIAL_B=b = \\b #c\nPERENNIAL_C=c\n");

    Variables variables = Variables.of(Map.of("PERENNIAL_A", "env", "PERENNIAL_C", ""), file);

    assertThat(variables.find("PERENNIAL_A")).contains(Secret.of("env"));
    assertThat(variables.find("PERENNIAL_B")).contains(Secret.of("b = \\b #c"));
    assertThat(variables.find("PERENNIAL_C")).contains(Secret.of("c"));
    assertThat(variables.find("PERENNIAL_D")).isEmpty();
  }

  @Test
  void aLineThatCannotBeReadIsRefusedWithoutShowingIt() throws IOException {
    Path file = directory.resolve("secrets");
    Files.writeString(file, "export PERENNIAL_A=planted\n");

    assertThatExceptionOfType(ConfigProblems.class)
        .isThrownBy(() -> Variables.of(Map.of(), file))
        .withMessageContaining(":1: expected PERENNIAL_")
        .withMessageNotContaining("planted");
  }

  @Test
  void aMissingFileIsRefused() {
    assertThatExceptionOfType(ConfigProblems.class)
        .isThrownBy(() -> Variables.of(Map.of(), directory.resolve("gone")))
        .withMessageContaining("no such file");
  }
}
