package dev.perennial.prove;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a run writes. It is gone afterwards, unless somebody asks for its logs. */
final class RunDirectory implements AutoCloseable {
  private final Path path;
  private boolean logsKept;

  RunDirectory() {
    try {
      path = Files.createTempDirectory("perennial-prove-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path() {
    return path;
  }

  /** What the workers have logged stays. */
  Path keepLogs() {
    logsKept = true;
    return path.resolve("logs");
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(path)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        boolean log = file.equals(path) || file.startsWith(path.resolve("logs"));
        if (!logsKept || !log) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
