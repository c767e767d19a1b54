package dev.perennial.bench.bed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Asks another JVM by the JDK's own tool. */
final class Jcmd {
  private Jcmd() {}

  /**
   * What it answers.
   *
   * @throws BedException where it refuses
   */
  static String run(long pid, String... command) {
    String home = Objects.requireNonNull(System.getProperty("java.home"));
    List<String> line = new ArrayList<>();
    line.add(Path.of(home, "bin", "jcmd").toString());
    line.add(Long.toString(pid));
    line.addAll(List.of(command));
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new BedException("jcmd " + command[0] + ": " + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException("jcmd cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BedException("interrupted while jcmd runs");
    }
  }
}
