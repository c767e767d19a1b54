package dev.perennial.app.cli;

import picocli.CommandLine;

/**
 * Adds commands that the app does not know, where the class path has them: found by {@link
 * java.util.ServiceLoader}, so that the production image need not carry them.
 */
public interface CommandProvider {

  /**
   * @param top for the configuration and for what the commands see of the process
   */
  void addTo(CommandLine cli, PerennialCommand top);
}
