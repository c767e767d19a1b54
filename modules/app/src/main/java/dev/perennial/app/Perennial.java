package dev.perennial.app;

import dev.perennial.app.cli.Cli;
import dev.perennial.app.cli.CommandProvider;
import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.app.cli.Surroundings;
import dev.perennial.app.dev.DevCommands;
import dev.perennial.app.log.Logging;
import java.util.ServiceLoader;
import picocli.CommandLine;

/** The program. */
public final class Perennial {
  private Perennial() {}

  public static void main(String[] args) {
    Logging.install();
    CommandLine cli = Cli.create(Surroundings.ofProcess(), new NodeRunner());
    DevCommands.addTo(cli);
    PerennialCommand top = cli.getCommand();
    ServiceLoader.load(CommandProvider.class).forEach(provider -> provider.addTo(cli, top));
    System.exit(cli.execute(args));
  }
}
