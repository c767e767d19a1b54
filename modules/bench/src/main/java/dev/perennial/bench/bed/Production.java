package dev.perennial.bench.bed;

import java.util.ArrayList;
import java.util.List;

/** How the image runs a worker's JVM; a test compares it with {@code docker/java.options}. */
final class Production {
  /** Those of the image that can change what a worker costs. */
  static final List<String> OPTIONS =
      List.of(
          "-XX:+UseCompactObjectHeaders",
          "-XX:+UseSerialGC",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /** 60 % of the 1 GiB that a worker's container has, as {@code MaxRAMPercentage} gives it. */
  private static final String HEAP = "-Xmx614m";

  private Production() {}

  /**
   * @param more after the others, so that they win
   */
  static List<String> options(List<String> more) {
    List<String> options = new ArrayList<>(OPTIONS);
    options.add(HEAP);
    options.addAll(more);
    return options;
  }
}
