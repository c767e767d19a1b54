package dev.perennial.bench.bed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How long the segments of a topic are on the broker's disk, without their indexes. */
public record LogSize(Path logs, String topic) {

  /** Of all partitions together. */
  public long bytes() {
    try (Stream<Path> files = Files.walk(logs)) {
      return files.filter(this::isSegment).mapToLong(LogSize::size).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isSegment(Path file) {
    Path partition = file.getParent();
    return file.toString().endsWith(".log")
        && partition != null
        && partition.toString().matches(".*[/\\\\]" + Pattern.quote(topic) + "-\\d+");
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
