package dev.perennial.bench;

import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.app.role.Interruption;
import dev.perennial.bench.bed.AotCache;
import dev.perennial.bench.bed.Equipment;
import dev.perennial.bench.row.Measurement;
import dev.perennial.bench.row.Pace;
import dev.perennial.bench.row.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perennial bench}. */
@Command(
    name = "bench",
    synopsisSubcommandLabel = "[COMMAND]",
    description = {
      "Measure what a refresh costs, each row against its ceiling in the same run, on a Kafka, a"
          + " Redis and a token server of its own;",
      "prints a line name=value for each figure, and a table; exit code 0 where all that was asked"
          + " for could be measured, whatever it came to."
    })
final class BenchCommand implements Callable<Integer> {
  private static final Duration CLEAN_UP = Duration.ofMinutes(1);

  private final PerennialCommand top;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--quick",
      description =
          "The rows that are compared between versions, three alternations, some two minutes; the"
              + " first time after a build most of another, for the AOT cache of the workers.")
  private boolean quick;

  @Option(
      names = "--row",
      paramLabel = "NAME",
      description = "This row alone, whatever --quick has; may be given again. --list names them.")
  private List<String> rows = new ArrayList<>();

  @Option(names = "--list", description = "Name the rows and measure nothing.")
  private boolean list;

  @Option(
      names = {"--json", "--write"},
      paramLabel = "FILE",
      description = "Write the figures to a file too, for 'bench compare'.")
  private @Nullable Path json;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description =
          "Write the table into a page too, between its comments bench:quick or bench:long.")
  private @Nullable Path page;

  @Option(
      names = "--worker-java",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description = "More options for the JVM of each worker, separated by blanks.")
  private String workerJava = "";

  @Option(
      names = "--redis-server",
      paramLabel = "FILE",
      description =
          "This redis-server (7.0 or newer) instead of the one that the development stack brings"
              + " along, which is built to run anywhere and not to be fast.")
  private @Nullable Path redisServer;

  BenchCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    if (list) {
      Rows.all().forEach(one -> top.surroundings().out().println(String.join(" ", one.rows())));
      top.surroundings().out().flush();
      return 0;
    }
    List<Measurement> wanted = wanted();
    List<String> options =
        List.of(workerJava.split(" ", -1)).stream().filter(option -> !option.isEmpty()).toList();
    Interruption interruption = new Interruption(CLEAN_UP);
    Bench bench =
        new Bench(
            wanted,
            quick ? Pace.QUICK : Pace.LONG,
            new Equipment(options, AotCache.ofOurJars().orElse(null), redisServer()),
            new Bench.Written(resolved(json), resolved(page)),
            top.surroundings().out(),
            interruption);
    return interruption.guard(bench::run);
  }

  private @Nullable Path redisServer() {
    Path file = resolved(redisServer);
    if (file != null && !Files.isExecutable(file) && spec != null) {
      throw new ParameterException(
          spec.commandLine(), "--redis-server " + file + ": no such program");
    }
    return file;
  }

  private @Nullable Path resolved(@Nullable Path file) {
    return file == null ? null : top.surroundings().directory().resolve(file);
  }

  private List<Measurement> wanted() {
    List<Measurement> all = Rows.all();
    List<String> known = all.stream().flatMap(one -> one.rows().stream()).toList();
    List<String> unknown = rows.stream().filter(row -> !known.contains(row)).toList();
    if (!unknown.isEmpty() && spec != null) {
      throw new ParameterException(
          spec.commandLine(),
          "no row "
              + unknown.stream().map(row -> "'" + row + "'").collect(Collectors.joining(", "))
              + "; there are "
              + String.join(", ", known));
    }
    if (rows.isEmpty()) {
      return all.stream().filter(one -> !quick || one.quick()).toList();
    }
    return all.stream().filter(one -> one.rows().stream().anyMatch(rows::contains)).toList();
  }
}
