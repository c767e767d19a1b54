package dev.perennial.app.cli;

import dev.perennial.app.config.ConfigLoader;
import dev.perennial.app.config.EffectiveValue;
import dev.perennial.app.config.Installation;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.log.Logging;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The top of the command line: what every command shares. */
@Command(
    name = "perennial",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    description = "Keeps OAuth 2.0 credentials alive.",
    footer = {
      "",
      "Configuration: perennial.yaml, then PERENNIAL_* in the environment, then flags"
          + " (docs/configuration.md).",
      "Exit codes: 0 well, 1 a problem was found or something failed, 2 wrong usage."
    })
public final class PerennialCommand implements Runnable {
  private final Surroundings surroundings;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Configuration file. Default: perennial.yaml, if it is here.")
  private @Nullable Path config;

  @Option(
      names = {"-v", "--debug"},
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  private boolean debug;

  PerennialCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** What the command sees of the process around it. */
  public Surroundings surroundings() {
    return surroundings;
  }

  boolean debug() {
    return debug;
  }

  /**
   * The configuration alone. Definitions are not read, so variables in the environment are not
   * checked: right for commands that only talk to running roles.
   *
   * @param flags by key without {@code perennial.}
   */
  public PerennialConfig config(Map<String, String> flags) {
    PerennialConfig read = loader(flags).load();
    Logging.apply(read.log());
    return read;
  }

  /** Every key with the value that counts and its source, as {@link #config} reads it. */
  List<EffectiveValue> effective(Map<String, String> flags) {
    return loader(flags).effective();
  }

  /**
   * Configuration, definitions and variables, everything checked: for whatever runs roles.
   *
   * @param flags by key without {@code perennial.}
   */
  public Installation installation(Map<String, String> flags) {
    Installation read = Installation.load(loader(flags), surroundings.environment());
    Logging.apply(read.config().log());
    return read;
  }

  private ConfigLoader loader(Map<String, String> flags) {
    return new ConfigLoader(surroundings.directory(), surroundings.environment())
        .file(config)
        .flags(flags);
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "Which command?");
    }
  }
}
