package dev.perennial.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.cli.Cli;
import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.app.cli.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
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
    assertThat(out.toString())
        .contains("refresh.ratio.256")
        .contains("refresh.ratio.2000")
        .contains("parts");
  }

  @Test
  void aComparisonFailsWhereSomethingIsWorse() throws IOException {
    Files.writeString(directory.resolve("base.json"), figures(0.40));
    Files.writeString(directory.resolve("same.json"), figures(0.39));
    Files.writeString(directory.resolve("worse.json"), figures(0.30));
    assertThat(run("bench", "compare", "base.json", "same.json")).isZero();
    assertThat(run("bench", "compare", "base.json", "worse.json")).isEqualTo(1);
    assertThat(out.toString()).contains("nothing is worse").contains("worse   x: 0.400 -> 0.300");
  }

  private static String figures(double median) {
    return "{\"figures\": [{\"name\":\"x\",\"unit\":\"\",\"median\":%1$s,\"min\":%1$s,\"max\":%1$s,"
        .concat("\"compared\":true,\"bar\":0.1,\"goal\":1,\"wanted\":\"high\"}]}")
        .formatted(median);
  }

  @Test
  void aRedisServerThatIsNoneIsAMistakeOfTheUser() {
    assertThat(run("bench", "--redis-server", "nowhere", "--quick")).isEqualTo(2);
    assertThat(err.toString()).contains("nowhere: no such program");
  }

  @Test
  void aRowThatIsNoneIsAMistakeOfTheUser() {
    assertThat(run("bench", "--row", "refresh.ratio.255")).isEqualTo(2);
    assertThat(err.toString()).contains("refresh.ratio.255").contains("refresh.ratio.256");
  }
}
