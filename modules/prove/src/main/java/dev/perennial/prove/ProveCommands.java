package dev.perennial.prove;

import dev.perennial.app.cli.CommandProvider;
import dev.perennial.app.cli.PerennialCommand;
import picocli.CommandLine;

/** Adds {@code prove} to the command line. */
public final class ProveCommands implements CommandProvider {
  @Override
  public void addTo(CommandLine cli, PerennialCommand top) {
    cli.addSubcommand(new ProveCommand(top));
  }
}
