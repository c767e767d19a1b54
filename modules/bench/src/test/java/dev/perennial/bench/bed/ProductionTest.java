package dev.perennial.bench.bed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProductionTest {
  /** About the log, the cache, the size and a crash: nothing that a refresh costs. */
  private static final Pattern ASIDE =
      Pattern.compile(
          "-Xlog.*|-XX:AOTCache=.*|-XX:.UnlockDiagnosticVMOptions|-XX:.AOTAdapterCaching"
              + "|-XX:MaxRAMPercentage=.*|-XX:.CreateCoredumpOnCrash");

  @Test
  void workersRunAsInTheImage() throws IOException {
    List<String> image = Files.readAllLines(Path.of("../../docker/java.options"));
    assertThat(image.stream().filter(option -> !ASIDE.matcher(option).matches()))
        .containsExactlyInAnyOrderElementsOf(Production.OPTIONS);
  }

  @Test
  void whatIsAddedWins() {
    assertThat(Production.options(List.of("-Xmx1g"))).endsWith("-Xmx1g");
  }
}
