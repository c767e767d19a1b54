package dev.perennial.app;

import dev.perennial.app.cli.Cli;
import dev.perennial.app.cli.Surroundings;
import dev.perennial.app.dev.DevCommands;
import dev.perennial.app.log.Logging;
import picocli.CommandLine;

/** The program. */
public final class Perennial {
  private Perennial() {}

  public static void main(String[] args) {
    Logging.install();
    CommandLine cli = Cli.create(Surroundings.ofProcess(), new NodeRunner());
    DevCommands.addTo(cli);
    System.exit(cli.execute(args));
  }
}
