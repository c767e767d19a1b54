package dev.perennial.app.cli;

import dev.perennial.app.config.ConfigProblems;
import dev.perennial.app.role.StartProblems;
import dev.perennial.domain.UnavailableException;
import dev.perennial.integration.DefinitionProblems;
import dev.perennial.sealing.KeyRingException;
import java.io.PrintWriter;
import java.util.Objects;
import picocli.CommandLine;

/** Puts the commands together, and turns what goes wrong into lines and exit codes. */
public final class Cli {
  private Cli() {}

  /**
   * The whole command line. More commands may be added to it; they are given the top ({@code
   * (PerennialCommand) cli.getCommand()}) for the configuration.
   */
  public static CommandLine create(Surroundings surroundings, RoleRunner runner) {
    PerennialCommand top = new PerennialCommand(surroundings);
    CommandLine cli = new CommandLine(top);
    cli.addSubcommand(new RunCommand(top, runner));
    cli.addSubcommand(new CheckCommand(top));
    cli.addSubcommand(new ConnectCommand(top));
    cli.addSubcommand(connections(top));
    cli.addSubcommand(new EventsCommand(top));
    cli.addSubcommand(new TopicsCommand(top));
    cli.addSubcommand(new ConfigCommand(top));
    cli.addSubcommand(new HealthCommand(top));
    cli.addSubcommand(new RestoreCommand(top));
    cli.addSubcommand(new RepublishCommand(top));
    cli.addSubcommand(new ReshardCommand(top));
    cli.addSubcommand(keys(top));
    cli.addSubcommand(
        new CommandLine(new IntegrationCommand()).addSubcommand(new IntegrationNewCommand(top)));
    cli.setOut(surroundings.out());
    cli.setErr(surroundings.err());
    cli.setExecutionExceptionHandler((failure, _, _) -> tell(failure, top));
    return cli;
  }

  private static CommandLine connections(PerennialCommand top) {
    return new CommandLine(new ConnectionsCommand())
        .addSubcommand(new ConnectionsListCommand(top))
        .addSubcommand(new ConnectionsShowCommand(top))
        .addSubcommand(new ConnectionsRefreshCommand(top))
        .addSubcommand(new ConnectionsDeleteCommand(top))
        .addSubcommand(new ConnectionsImportCommand(top))
        .addSubcommand(new ConnectionsExportCommand(top))
        .addSubcommand(new ConnectionsReconsentCommand(top));
  }

  private static CommandLine keys(PerennialCommand top) {
    return new CommandLine(new KeysCommand())
        .addSubcommand(new KeysNewCommand(top))
        .addSubcommand(new KeysListCommand(top))
        .addSubcommand(new KeysRotateCommand(top))
        .addSubcommand(new KeysRetireCommand(top))
        .addSubcommand(new KeysEnableCommand(top))
        .addSubcommand(new KeysLostCommand(top))
        .addSubcommand(new KeysWrapCommand(top))
        .addSubcommand(
            new CommandLine(new KeysApiCommand())
                .addSubcommand(new KeysApiNewCommand(top))
                .addSubcommand(new KeysApiListCommand(top))
                .addSubcommand(new KeysApiRevokeCommand(top)));
  }

  /** One line for what the user can mend, a stack trace only where it was asked for. */
  private static int tell(Exception failure, PerennialCommand top) {
    PrintWriter err = top.surroundings().err();
    err.println("perennial: " + message(failure));
    for (Throwable more : failure.getSuppressed()) {
      if (isExpected(more)) {
        err.println(message(more));
      }
    }
    if (top.debug()) {
      failure.printStackTrace(err);
    } else if (!isExpected(failure)) {
      err.println("With --debug there is a stack trace.");
    }
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String message(Throwable failure) {
    return isExpected(failure)
        ? Objects.toString(failure.getMessage(), "")
        : "unexpected: " + failure;
  }

  private static boolean isExpected(Throwable failure) {
    return switch (failure) {
      case CommandFailure _,
          ConfigProblems _,
          DefinitionProblems _,
          KeyRingException _,
          StartProblems _,
          UnavailableException _ ->
          true;
      default -> false;
    };
  }
}
