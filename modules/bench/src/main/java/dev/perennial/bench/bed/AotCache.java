package dev.perennial.bench.bed;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A cache of classes and code that were loaded ahead of time (JEP 483), as the image has one: made
 * by a worker that starts, gets ready and ends. Only jars can be in it.
 */
public final class AotCache {
  /** As the image has them, since one of them must be the same at both times. */
  private static final List<String> SAME =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching");

  private final Path file;
  private final String classPath;

  private AotCache(Path file, String classPath) {
    this.file = file;
    this.classPath = classPath;
  }

  /**
   * Trains one by a worker with these roles.
   *
   * @throws BedException where none was written, or we do not run from jars
   */
  public static AotCache train(TestBed bed, String roles, Path file) {
    String jars =
        Arrays.stream(Child.classPath().split(Pattern.quote(File.pathSeparator)))
            .filter(entry -> entry.endsWith(".jar"))
            .collect(Collectors.joining(File.pathSeparator));
    if (!jars.contains("app-")) {
      throw new BedException("an AOT cache is made of jars: run ./perennial bench");
    }
    AotCache cache = new AotCache(file, jars);
    try (Worker trained = bed.quickly(roles, options("-XX:AOTCacheOutput=" + file), jars)) {
      trained.rest();
    }
    if (!Files.isRegularFile(file)) {
      throw new BedException("no AOT cache was written to " + file);
    }
    return cache;
  }

  private static List<String> options(String cache) {
    return List.of(SAME.get(0), SAME.get(1), cache);
  }

  /** Starts a worker with it and returns when it is ready. */
  public Worker start(TestBed bed, String roles) {
    return bed.quickly(roles, options("-XX:AOTCache=" + file), classPath);
  }
}
