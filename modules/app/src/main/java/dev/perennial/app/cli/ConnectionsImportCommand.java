package dev.perennial.app.cli;

import dev.perennial.app.config.ConfigProblems;
import dev.perennial.app.migration.Converted;
import dev.perennial.app.migration.Format;
import dev.perennial.app.migration.Names;
import dev.perennial.app.migration.UnreadableSourceException;
import dev.perennial.domain.definition.ConnectionVariable;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.integration.DefinitionProblems;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perennial connections import}. */
@Command(
    name = "import",
    description =
        "Import tokens that were got elsewhere. Importing the same again changes nothing."
            + " docs/migration.md has a recipe for each source. Exit 1 where a record is refused.")
final class ConnectionsImportCommand implements Callable<Integer> {
  /** Of changed names that are told one by one. */
  private static final int TOLD = 20;

  private static final String HERE =
      " here, to say which of the values of theirs are variables of a connection. Run the command"
          + " where the definitions are.";

  private final PerennialCommand top;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private AdminAccess admin = new AdminAccess();

  @Parameters(paramLabel = "FILE", description = "What to import; - for standard input.")
  private String file = "";

  @Option(
      names = "--from",
      paramLabel = "FORMAT",
      defaultValue = "json",
      description =
          "json (lines of our own, or an export), nango or spring. Default: ${DEFAULT-VALUE}.")
  private String from = "json";

  @Option(
      names = "--map",
      paramLabel = "THEIRS=OURS",
      description = "Our integration for one of theirs; may be repeated.")
  private Map<String, String> map = new LinkedHashMap<>();

  @Option(
      names = "--map-variable",
      paramLabel = "THEIRS=OURS",
      description =
          "Our per-connection variable for a value of theirs, where the names are not alike.")
  private Map<String, String> variables = new LinkedHashMap<>();

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description = "Time zone of times that name none. Default: ${DEFAULT-VALUE}.")
  private String zone = "UTC";

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "create",
      description =
          "create leaves connections alone that live here already, replace does not. Default:"
              + " ${DEFAULT-VALUE}.")
  private String mode = "create";

  @Option(names = "--dry-run", description = "Show what would be imported; nothing is sent.")
  private boolean dryRun;

  private long changed;
  private @Nullable Integrations integrations;

  ConnectionsImportCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    Format format = format();
    ZoneId wanted = zone();
    if (!mode.equals("create") && !mode.equals("replace")) {
      throw wrong("--mode is create or replace");
    }
    PrintWriter out = top.surroundings().out();
    PrintWriter err = top.surroundings().err();
    LinesSent sent = new LinesSent(admin.client(top), mode, err::println);
    Ticker ticker = new Ticker(err, "records", System::nanoTime);
    try (BufferedReader in = open()) {
      format.read(
          in,
          new Names(map, variables, this::declared),
          wanted,
          record -> {
            take(record, sent);
            ticker.one();
          });
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be read: " + e.getClass().getSimpleName());
    } catch (UnreadableSourceException e) {
      sent.send();
      out.println(sent.summary() + ", then " + file + " could not be read on");
      out.flush();
      throw new CommandFailure(file + ": " + e.getMessage());
    }
    sent.send();
    if (changed > TOLD && !dryRun) {
      err.println((changed - TOLD) + " more names were changed; --dry-run shows them all");
    }
    out.println(
        dryRun
            ? "would import %d, refused %d, of %d"
                .formatted(
                    ticker.count() - sent.count("refused"), sent.count("refused"), ticker.count())
            : sent.summary() + ", of " + ticker.count());
    out.flush();
    err.flush();
    return sent.count("refused") == 0 ? 0 : 1;
  }

  private void take(Converted record, LinesSent sent) {
    switch (record) {
      case Converted.Line line when dryRun ->
          top.surroundings()
              .out()
              .println(line.name() + (line.note().isEmpty() ? "" : "  " + line.note()));
      case Converted.Line line -> {
        tell(line);
        sent.add(line);
      }
      case Converted.Raw line -> {
        if (!dryRun) {
          sent.add(line);
        }
      }
      case Converted.Refused(long number, String name, String why) ->
          sent.refuse(number, name, why);
    }
  }

  private void tell(Converted.Line line) {
    if (!line.note().isEmpty() && ++changed <= TOLD) {
      top.surroundings().err().println(line.name() + " " + line.note());
    }
  }

  private BufferedReader open() throws IOException {
    return file.equals("-")
        ? top.surroundings().in()
        : Files.newBufferedReader(top.surroundings().directory().resolve(file));
  }

  /** Needs the definitions here, which only values of theirs ask for. */
  private List<String> declared(String integration) {
    return installed()
        .find(integration)
        .map(found -> found.connectionVariables().stream().map(ConnectionVariable::id).toList())
        .orElseThrow(() -> new CommandFailure("no definition of " + integration + HERE));
  }

  private Integrations installed() {
    if (integrations == null) {
      try {
        integrations =
            top.installation(Map.of()).integrations(InstantSource.system(), new SecureRandom());
      } catch (ConfigProblems | DefinitionProblems e) {
        CommandFailure failure = new CommandFailure("no definitions" + HERE);
        failure.addSuppressed(e);
        throw failure;
      }
    }
    return integrations;
  }

  private Format format() {
    try {
      return Format.valueOf(from.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException _) {
      throw wrong("--from is json, nango or spring");
    }
  }

  private ZoneId zone() {
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException _) {
      throw wrong("--zone is a time zone such as UTC or Europe/Berlin");
    }
  }

  private RuntimeException wrong(String what) {
    return spec == null
        ? new IllegalArgumentException(what)
        : new ParameterException(spec.commandLine(), what);
  }
}
