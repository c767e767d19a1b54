package dev.perennial.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.bench.figure.FigureFile.UnusableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureTest {
  private static final Figure RATIO =
      Figure.comparable("a.ratio", "", new Spread(0.2, 0.18, 0.25), Target.atLeast(0.15, 0.4));
  private static final Figure COST =
      Figure.local("a.cost", "us", new Spread(119, 100, 130), Target.atMost(300, 120));
  private static final Figure BESIDE = Figure.beside("a.rate", "1/s", Spread.once(12345.6));

  @TempDir private Path directory = Path.of("");

  @Test
  void aLineHasAllThatAMachineWants() {
    assertThat(RATIO.line())
        .isEqualTo("a.ratio=0.200 min=0.180 max=0.250 bar>=0.150 goal>=0.400 reached=bar");
    assertThat(COST.line())
        .isEqualTo("a.cost=119 min=100 max=130 unit=us bar<=300 goal<=120 reached=goal");
    assertThat(BESIDE.line()).isEqualTo("a.rate=12346 min=12346 max=12346 unit=1/s");
  }

  @Test
  void whatMissesItsBarSaysSo() {
    Target low = Target.atMost(60, 40);
    assertThat(low.judge(Spread.once(61))).isEqualTo("missed");
    assertThat(low.judge(Spread.once(60))).isEqualTo("bar");
    Target high = Target.atLeast(1, 2);
    assertThat(high.judge(Spread.once(0.9))).isEqualTo("missed");
    assertThat(high.judge(Spread.once(2))).isEqualTo("goal");
  }

  @Test
  void aTableIsMarkdown() {
    assertThat(FigureTable.of(List.of(RATIO, BESIDE)).lines())
        .containsExactly(
            "| row     | median | min   | max   | unit | bar      | goal     | reached |",
            "|---------|--------|-------|-------|------|----------|----------|---------|",
            "| a.ratio | 0.200  | 0.180 | 0.250 |      | >= 0.150 | >= 0.400 | bar     |",
            "| a.rate  | 12346  | 12346 | 12346 | 1/s  |          |          |         |");
  }

  @Test
  void aFileSaysTheSameAgain() throws IOException {
    Path file = directory.resolve("figures.json");
    FigureFile.write(file, Map.of("processors", 2), List.of(RATIO, COST));
    assertThat(FigureFile.read(file)).containsExactly(RATIO, COST);
    assertThat(Files.readString(file)).contains("\"processors\":2");
  }

  @Test
  void aFileThatIsNoneIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("other.json"), "{\"figures\":[{\"name\":1}]}");
    assertThatThrownBy(() -> FigureFile.read(file))
        .isInstanceOf(UnusableException.class)
        .hasMessageContaining("other.json");
    assertThatThrownBy(() -> FigureFile.read(directory.resolve("none.json")))
        .isInstanceOf(UnusableException.class)
        .hasMessageContaining("none.json");
  }
}
