package dev.perennial.app.dev;

import dev.perennial.app.cli.PerennialCommand;
import dev.perennial.app.config.Durations;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Adds the commands of the development stack to the command line. */
public final class DevCommands {
  private static final String DEVSTACK = "dev.perennial.devstack.EmbeddedKafka";

  private DevCommands() {}

  /** Adds them where the development stack is on the class path: not in the production image. */
  public static void addTo(CommandLine cli) {
    if (hasDevstack()) {
      PerennialCommand top = cli.getCommand();
      cli.addSubcommand(new DemoCommand(top));
      cli.addSubcommand(new UpCommand(top));
      cli.addSubcommand(new SimulatorCommand(top));
    }
    cli.registerConverter(Duration.class, DevCommands::duration);
  }

  private static boolean hasDevstack() {
    try {
      Class.forName(DEVSTACK, false, DevCommands.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  private static Duration duration(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "': " + e.getMessage());
    }
  }
}
