package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the README, run as the README says, beside the demo. */
class PipelineTest {
  private static final Path EXAMPLE =
      Path.of("../../docs/examples/Pipeline.java").toAbsolutePath().normalize();
  private static final int SECONDS = 40;

  @TempDir private Path directory;

  @Test
  void aPipelineNeverMeetsARefusalWhileWorkersAreRestarted() {
    try (PoolProcess demo =
        PoolProcess.start(
            directory,
            Map.of(),
            Map.of(),
            "demo",
            "--token-life",
            "30s",
            "--restart-workers",
            "5s")) {
      Await.within(Duration.ofMinutes(2), "connections", () -> demo.count(" connected ") == 3);
      List<String> arguments = new ArrayList<>(arguments(demo.lines()));
      arguments.add(Integer.toString(SECONDS));

      try (PoolProcess pipeline = PoolProcess.program(directory, EXAMPLE.toString(), arguments)) {
        assertThat(pipeline.exitCode(Duration.ofSeconds(3 * SECONDS)))
            .as("%s", pipeline.lines())
            .isZero();
        assertThat(pipeline.lines().getLast())
            .startsWith(10 * SECONDS + " calls, 0 refused, last 200");
      }

      assertThat(demo.count(" refreshed ")).isPositive();
      assertThat(demo.count("stopped (SIGTERM), back after")).isPositive();
      assertThat(demo.stop()).as("%s", demo.lines()).isZero();
    }
  }

  /** What the demo says to call it with. */
  private static List<String> arguments(List<String> lines) {
    String said = String.join(" ", lines).replace("\\", " ");
    String from = said.substring(said.indexOf("docs/examples/Pipeline.java"));
    return List.of(from.trim().split("\\s+")).subList(1, 5);
  }
}
