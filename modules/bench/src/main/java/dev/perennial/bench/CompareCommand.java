package dev.perennial.bench;

import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.bench.figure.Comparison;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.FigureFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code perennial bench compare}. */
@Command(
    name = "compare",
    description = {
      "Compare the ratios and counts of two files that 'bench --write' wrote. Worse is what is"
          + " worse by more than both runs scatter, and by more than 5 %%;",
      "exit code 1 where something is worse or was not measured again."
    })
final class CompareCommand implements Callable<Integer> {
  private final PerennialCommand top;

  @Parameters(index = "0", paramLabel = "BASE", description = "The figures of before.")
  private Path base = Path.of("");

  @Parameters(index = "1", paramLabel = "NEW", description = "The figures of now.")
  private Path now = Path.of("");

  CompareCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    PrintWriter out = top.surroundings().out();
    List<Comparison> all = Comparison.of(read(base), read(now));
    all.forEach(one -> out.println(one.line()));
    long bad = all.stream().filter(one -> one.verdict().isBad()).count();
    out.println(
        bad == 0 ? "nothing is worse" : bad + " of " + all.size() + " are worse or missing");
    out.flush();
    return bad == 0 ? 0 : 1;
  }

  private List<Figure> read(Path file) {
    return FigureFile.read(top.surroundings().directory().resolve(file));
  }
}
