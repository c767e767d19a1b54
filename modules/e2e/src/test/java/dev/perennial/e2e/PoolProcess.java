package dev.perennial.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program as an operator starts it: a process of its own, its output read line by line. */
final class PoolProcess implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("\\s*(admin|public) port (\\d+)");

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;

  private PoolProcess(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /**
   * @param flags configuration by key, handed over as an operator would: in the environment
   */
  static PoolProcess start(
      Path directory, Map<String, String> flags, Map<String, String> variables, String... args) {
    return start(directory, flags, variables, "dev.perennial.app.Perennial", List.of(args));
  }

  /**
   * Any other program.
   *
   * @param program name of a class, or a source file
   */
  static PoolProcess program(Path directory, String program, List<String> args) {
    return start(directory, Map.of(), Map.of(), program, args);
  }

  private static PoolProcess start(
      Path directory,
      Map<String, String> flags,
      Map<String, String> variables,
      String program,
      List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(String.valueOf(System.getProperty("java.home")), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath(),
            program));
    command.addAll(args);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PERENNIAL_"));
    builder.environment().putAll(variables);
    flags.forEach((key, value) -> builder.environment().put(environmentName(key), value));
    try {
      return new PoolProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String classPath() {
    return Objects.requireNonNullElse(
        System.getProperty("surefire.test.class.path"), System.getProperty("java.class.path"));
  }

  private static String environmentName(String key) {
    return "PERENNIAL_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("the output broke off: " + e.getMessage());
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  long count(String text) {
    return lines().stream().filter(line -> line.contains(text)).count();
  }

  /** Waits for a line with this text in it. */
  PoolProcess says(String text) {
    Await.until("'" + text + "' in " + lines(), () -> count(text) > 0 || !process.isAlive());
    if (count(text) == 0) {
      throw new AssertionError("ended without saying '" + text + "': " + lines());
    }
    return this;
  }

  /** The port it has printed: {@code admin} or {@code public}. */
  int port(String name) {
    says(name + " port");
    return lines().stream()
        .map(PORT::matcher)
        .filter(Matcher::matches)
        .filter(line -> name.equals(line.group(1)))
        .mapToInt(line -> Integer.parseInt(String.valueOf(line.group(2))))
        .findFirst()
        .orElseThrow();
  }

  long pid() {
    return process.pid();
  }

  /** However it ends, and whatever it says until then. */
  void awaitEnd() {
    var _ = exitCode();
  }

  /** Asks it to stop (SIGTERM) and returns its exit code. */
  int stop() {
    process.destroy();
    return exitCode();
  }

  /** Waits for its end. */
  int exitCode() {
    return exitCode(Duration.ofSeconds(30));
  }

  int exitCode(Duration most) {
    try {
      if (!process.waitFor(most)) {
        throw new AssertionError("still running: " + lines());
      }
      reader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
