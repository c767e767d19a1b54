package dev.perennial.e2e;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A script that runs in Node until it is closed, its lines collected. */
final class NodeScript implements AutoCloseable {
  private static final Duration INSTALLATION = Duration.ofMinutes(2);

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;

  private NodeScript(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /**
   * A copy of an example with what it depends on. Ends the test as skipped where that cannot be
   * had.
   *
   * @param example directory with a {@code package.json}
   */
  static Path install(Path example) throws IOException {
    for (String tool : List.of("node", "npm")) {
      if (!runs(tool)) {
        abort(tool + " is not installed, so the example in Node is not run");
      }
    }
    Path directory = Files.createTempDirectory("perennial-node-");
    try (Stream<Path> files = Files.list(example)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    Path log = directory.resolve("npm.log");
    Process npm =
        new ProcessBuilder(
                "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--no-progress")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!ended(npm, INSTALLATION) || npm.exitValue() != 0) {
      npm.destroyForcibly();
      String said = Files.readString(log);
      Directories.delete(directory);
      abort("npm could not install what the example depends on: " + said);
    }
    return directory;
  }

  private static boolean runs(String tool) {
    try {
      Process asked =
          new ProcessBuilder(tool, "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return ended(asked, Duration.ofSeconds(30)) && asked.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean ended(Process process, Duration within) {
    try {
      return process.waitFor(within.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static NodeScript start(Path directory, String script, Map<String, String> environment) {
    ProcessBuilder builder =
        new ProcessBuilder("node", script)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    try {
      return new NodeScript(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      // closed
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** Waits until it has printed so much. */
  List<String> await(int count) {
    Await.until(count + " lines; seen: " + lines(), () -> lines().size() >= count);
    return lines();
  }

  @Override
  public void close() {
    process.destroy();
    if (!ended(process, Duration.ofSeconds(10))) {
      process.destroyForcibly();
    }
    reader.interrupt();
  }
}
