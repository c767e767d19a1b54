package dev.perennial.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.role.Interruption;
import dev.perennial.bench.bed.Equipment;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.FigureFile;
import dev.perennial.bench.row.Pace;
import dev.perennial.bench.row.RefreshRatio;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The harness, not what it measures: nothing here asserts a time. */
class BenchTest {
  private static final Pace TINY =
      new Pace(true, 1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(200));

  private final StringWriter out = new StringWriter();

  @TempDir private Path directory = Path.of("");

  private Bench bench(Interruption interruption) {
    return new Bench(
        List.of(RefreshRatio.of(16)),
        TINY,
        new Equipment(List.of("-XX:TieredStopAtLevel=1"), null, null),
        new Bench.Written(directory.resolve("figures.json"), null),
        new PrintWriter(out),
        interruption);
  }

  @Test
  void aRunShowsItsRowsAndLeavesNothingBehind() {
    int code = bench(new Interruption(Duration.ofSeconds(1))).run();
    assertThat(code).as(out.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("(?m)^refresh\\.ratio\\.16=\\d")
        .contains("| refresh.cpu_us");
    assertThat(FigureFile.read(directory.resolve("figures.json")))
        .extracting(Figure::name)
        .contains("refresh.ratio.16", "refresh.cpu_us", "refresh.cpu_ratio");
    assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive)).isEmpty();
  }
}
