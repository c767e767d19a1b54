package dev.perennial.app.cli;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.config.Variables;
import dev.perennial.domain.Secret;
import dev.perennial.integration.DefinitionCheck;
import dev.perennial.integration.Finding;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code perennial check FILE…}: everything that is wrong with definitions, in one run. */
@Command(
    name = "check",
    description =
        "Check definition files: every error with file, line, JSON path and reason; exit code 1 if"
            + " there is one. Needs neither Kafka nor Redis.")
final class CheckCommand implements Callable<Integer> {
  private final PerennialCommand top;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Definition files.")
  private List<Path> files = List.of();

  CheckCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    Variables variables = variables();
    List<Finding> findings =
        new DefinitionCheck(name -> variables.find(name).map(Secret::reveal)).check(files);
    PrintWriter out = top.surroundings().out();
    findings.forEach(out::println);
    long errors = findings.stream().filter(Finding::isError).count();
    out.println(
        "%s checked: %s, %s"
            .formatted(
                count(files.size(), "file"),
                count(errors, "error"),
                count(findings.size() - errors, "remark")));
    out.flush();
    return errors == 0 ? 0 : 1;
  }

  /** What is set already is no need. */
  private Variables variables() {
    PerennialConfig config = top.config(Map.of());
    return Variables.of(top.surroundings().environment(), config.secrets().file().orElse(null));
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
