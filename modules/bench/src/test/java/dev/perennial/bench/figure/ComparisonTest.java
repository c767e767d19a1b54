package dev.perennial.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.bench.figure.Comparison.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Target HIGH = Target.atLeast(0.1, 1);
  private static final Target LOW = Target.atMost(100, 10);

  private static Verdict verdict(Target target, Spread before, Spread now) {
    return Comparison.of(
            List.of(Figure.comparable("x", "", before, target)),
            List.of(Figure.comparable("x", "", now, target)))
        .getFirst()
        .verdict();
  }

  @Test
  void lessOfWhatIsWantedHighIsWorse() {
    assertThat(verdict(HIGH, Spread.once(0.40), Spread.once(0.30))).isEqualTo(Verdict.WORSE);
    assertThat(verdict(HIGH, Spread.once(0.40), Spread.once(0.50))).isEqualTo(Verdict.BETTER);
  }

  @Test
  void moreOfWhatIsWantedLowIsWorse() {
    assertThat(verdict(LOW, Spread.once(40), Spread.once(50))).isEqualTo(Verdict.WORSE);
    assertThat(verdict(LOW, Spread.once(40), Spread.once(30))).isEqualTo(Verdict.BETTER);
  }

  @Test
  void whatTheRunsScatterByThemselvesIsNoDifference() {
    Spread wide = new Spread(0.40, 0.34, 0.45);
    assertThat(verdict(HIGH, wide, Spread.once(0.30))).isEqualTo(Verdict.SAME);
    assertThat(verdict(HIGH, Spread.once(0.30), wide)).isEqualTo(Verdict.SAME);
    assertThat(verdict(HIGH, wide, Spread.once(0.28))).isEqualTo(Verdict.WORSE);
  }

  @Test
  void fiveHundredthsAreNoDifference() {
    assertThat(verdict(HIGH, Spread.once(100), Spread.once(95.1))).isEqualTo(Verdict.SAME);
    assertThat(verdict(HIGH, Spread.once(100), Spread.once(94.9))).isEqualTo(Verdict.WORSE);
  }

  @Test
  void timesOfAMachineAreNotCompared() {
    assertThat(Comparison.of(List.of(Figure.local("x", "us", Spread.once(1), LOW)), List.of()))
        .isEmpty();
  }

  @Test
  void whatWasNotMeasuredAgainIsMissing() {
    List<Comparison> all =
        Comparison.of(List.of(Figure.comparable("x", "", Spread.once(1), HIGH)), List.of());
    assertThat(all).extracting(Comparison::verdict).containsExactly(Verdict.MISSING);
    assertThat(all.getFirst().verdict().isBad()).isTrue();
    assertThat(all.getFirst().line()).contains("missing").contains("not measured");
  }
}
