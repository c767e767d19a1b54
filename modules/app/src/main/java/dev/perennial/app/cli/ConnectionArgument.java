package dev.perennial.app.cli;

import dev.perennial.domain.ConnectionKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The connection that a command is about. */
final class ConnectionArgument {

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "INTEGRATION[/ID]",
      description = "The connection, e.g. google/acme; without an ID: default.")
  private String text = "";

  ConnectionKey key() {
    try {
      return ConnectionKey.parse(text);
    } catch (IllegalArgumentException e) {
      if (spec == null) {
        throw e;
      }
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
