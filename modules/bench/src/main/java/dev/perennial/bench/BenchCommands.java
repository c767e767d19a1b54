package dev.perennial.bench;

import dev.perennial.app.cli.CommandProvider;
import dev.perennial.app.cli.PerennialCommand;
import picocli.CommandLine;

/** Adds {@code bench} to the command line. */
public final class BenchCommands implements CommandProvider {
  @Override
  public void addTo(CommandLine cli, PerennialCommand top) {
    cli.addSubcommand(
        new CommandLine(new BenchCommand(top)).addSubcommand(new CompareCommand(top)));
  }
}
