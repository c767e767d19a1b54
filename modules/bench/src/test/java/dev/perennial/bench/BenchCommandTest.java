package dev.perennial.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.cli.Cli;
import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.app.cli.Surroundings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory = Path.of("");

  private int run(String... arguments) {
    Surroundings surroundings =
        new Surroundings(directory, Map.of(), new PrintWriter(out), new PrintWriter(err));
    CommandLine cli = Cli.create(surroundings, (_, _, _) -> 0);
    new BenchCommands().addTo(cli, (PerennialCommand) cli.getCommand());
    cli.setErr(surroundings.err());
    return cli.execute(arguments);
  }

  @Test
  void rowsAreNamed() {
    assertThat(run("bench", "--list")).isZero();
    assertThat(out.toString()).contains("refresh.ratio.256").contains("refresh.ratio.2000");
  }

  @Test
  void aRowThatIsNoneIsAMistakeOfTheUser() {
    assertThat(run("bench", "--row", "refresh.ratio.255")).isEqualTo(2);
    assertThat(err.toString()).contains("refresh.ratio.255").contains("refresh.ratio.256");
  }
}
