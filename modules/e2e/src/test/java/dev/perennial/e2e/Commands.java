package dev.perennial.e2e;

import dev.perennial.app.cli.Cli;
import dev.perennial.app.cli.Surroundings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Commands of {@code perennial} in this JVM, configured by the environment as an operator does. */
final class Commands {
  private final Map<String, String> environment = new HashMap<>();
  private final Installed installed;

  /** The configuration of an installation. */
  Commands(Installed installed) {
    this.installed = installed;
    installed.flags().forEach(this::set);
  }

  Commands set(String key, String value) {
    environment.put(name(key), value);
    return this;
  }

  /** As if it had never been set. */
  Commands unset(String key) {
    environment.remove(name(key));
    return this;
  }

  private static String name(String key) {
    return "PERENNIAL_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** What a command came to. */
  record Ended(int exitCode, String output) {}

  Ended run(String... args) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, true);
    Surroundings surroundings = new Surroundings(installed.directory(), environment, out, out);
    int code = Cli.create(surroundings, (_, _, _) -> 1).execute(args);
    System.out.print(text);
    return new Ended(code, text.toString());
  }
}
