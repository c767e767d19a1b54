package dev.perennial.app.dev;

import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.app.config.Durations;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Adds the commands of the development stack to the command line. */
public final class DevCommands {
  private DevCommands() {}

  public static void addTo(CommandLine cli) {
    PerennialCommand top = cli.getCommand();
    cli.addSubcommand(new DemoCommand(top));
    cli.addSubcommand(new UpCommand(top));
    cli.registerConverter(Duration.class, DevCommands::duration);
  }

  private static Duration duration(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "': " + e.getMessage());
    }
  }
}
