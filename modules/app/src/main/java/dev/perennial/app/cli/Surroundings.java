package dev.perennial.app.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command sees of the process around it.
 *
 * @param directory where the user stands; relative paths are relative to it
 * @param out what was asked for
 * @param err everything else
 */
public record Surroundings(
    Path directory, Map<String, String> environment, PrintWriter out, PrintWriter err) {

  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /** Those of this process. */
  public static Surroundings ofProcess() {
    return new Surroundings(
        Path.of(""),
        System.getenv(),
        new PrintWriter(System.out, true, System.out.charset()),
        new PrintWriter(System.err, true, System.err.charset()));
  }
}
