package dev.perennial.app.cli;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command sees of the process around it.
 *
 * @param directory where the user stands; relative paths are relative to it
 * @param in what the user types, line by line
 * @param out what was asked for
 * @param err everything else
 */
public record Surroundings(
    Path directory,
    Map<String, String> environment,
    BufferedReader in,
    PrintWriter out,
    PrintWriter err) {

  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /** Where nobody types. */
  public Surroundings(
      Path directory, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    this(directory, environment, new BufferedReader(new StringReader("")), out, err);
  }

  /** Those of this process. */
  public static Surroundings ofProcess() {
    return new Surroundings(
        Path.of(""),
        System.getenv(),
        new BufferedReader(new InputStreamReader(System.in, System.out.charset())),
        new PrintWriter(System.out, true, System.out.charset()),
        new PrintWriter(System.err, true, System.err.charset()));
  }
}
