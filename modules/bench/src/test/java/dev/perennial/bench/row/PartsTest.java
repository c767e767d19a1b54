package dev.perennial.bench.row;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.bench.figure.Figure;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.options.Options;

/** Each benchmark runs, once and in this JVM: nothing here asserts a time. */
class PartsTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void theRowIsListedAndNotQuick() {
    assertThat(Rows.all())
        .filteredOn(row -> row.rows().contains("parts"))
        .singleElement()
        .matches(row -> !row.quick());
  }

  @Test
  void eachPartHasItsTimeAndWhatItAllocates() {
    System.setProperty("jmh.ignoreLock", "true"); // who else measures here is not disturbed by it
    Options once =
        Jmh.options(directory, Parts.BENCHMARKS)
            .forks(0)
            .mode(Mode.SingleShotTime)
            .warmupIterations(0)
            .measurementIterations(1)
            .build();
    List<Figure> figures = Parts.figures(Jmh.run(once));
    assertThat(figures)
        .extracting(Figure::name)
        .containsExactlyInAnyOrder(
            "part.template_ns",
            "part.template_bytes",
            "part.answer_ns",
            "part.answer_bytes",
            "part.seal_ns",
            "part.seal_bytes",
            "part.open_ns",
            "part.open_bytes",
            "part.ledger_ns",
            "part.ledger_bytes",
            "part.lanes_ns",
            "part.lanes_bytes",
            "part.poll_ns",
            "part.poll_bytes");
    assertThat(figures).allMatch(figure -> figure.value().median() > 0);
  }
}
