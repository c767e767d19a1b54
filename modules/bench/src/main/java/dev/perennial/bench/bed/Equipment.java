package dev.perennial.bench.bed;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be had one way or another.
 *
 * @param workerOptions for each worker's JVM, after those of the image
 * @param cache that workers start with; null = none
 * @param redisServer the executable; null = the one of the development stack
 */
public record Equipment(
    List<String> workerOptions, @Nullable AotCache cache, @Nullable Path redisServer) {

  public Equipment {
    workerOptions = List.copyOf(workerOptions);
  }

  /** For a worker in training, whose cache is for any options. */
  public Equipment inTraining(AotCache written) {
    return new Equipment(List.of(), written, redisServer);
  }
}
