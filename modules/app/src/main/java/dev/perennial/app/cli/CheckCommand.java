package dev.perennial.app.cli;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.config.Variables;
import dev.perennial.domain.Secret;
import dev.perennial.integration.Definition;
import dev.perennial.integration.DefinitionCheck;
import dev.perennial.integration.DefinitionPreview;
import dev.perennial.integration.DefinitionReader;
import dev.perennial.integration.Finding;
import dev.perennial.integration.Reading;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

  @Option(
      names = "--render",
      description =
          "Show every request of each file as it would be sent. Names stand for secrets and for"
              + " what is not known; nothing is sent.")
  private boolean render;

  CheckCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    Variables variables = variables();
    Function<String, Optional<String>> lookup = name -> variables.find(name).map(Secret::reveal);
    List<Finding> findings = new DefinitionCheck(lookup).check(files);
    PrintWriter out = top.surroundings().out();
    findings.forEach(out::println);
    if (render) {
      render(new DefinitionPreview(lookup), out);
    }
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

  /** A file that cannot be used has been told of. */
  private void render(DefinitionPreview preview, PrintWriter out) {
    DefinitionReader reader = new DefinitionReader();
    for (Path file : files) {
      if (reader.read(file) instanceof Reading.Usable(Definition definition, var _)) {
        preview.lines(definition).forEach(out::println);
      }
    }
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
