package dev.perennial.bench.bed;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A cache of classes, and of the profiles of their methods, that a worker in training leaves as it
 * ends (JEP 483, JEP 515), as the image has one. It belongs to the jars of one build and to one
 * JDK, and lies beside the jars. Immutable.
 *
 * @param file where it is, or will be
 * @param classPath of the workers: only jars can be in it
 * @param option by which a worker reads or writes it
 */
public record AotCache(Path file, String classPath, String option) {
  private static final String READ = "-XX:AOTCache=";
  private static final String WRITE = "-XX:AOTCacheOutput=";
  private static final String NAME = "workers-";
  private static final String ENDING = ".aot";

  /** That of our own class path; empty where there is no jar of ours on it. */
  public static Optional<AotCache> ofOurJars() {
    List<Path> jars =
        Arrays.stream(Child.classPath().split(Pattern.quote(File.pathSeparator)))
            .filter(entry -> entry.endsWith(".jar"))
            .map(Path::of)
            .toList();
    return jars.stream()
        .filter(jar -> name(jar).startsWith("app-"))
        .findFirst()
        .map(app -> of(jars, Objects.requireNonNull(app.getParent())));
  }

  private static String name(Path file) {
    return Objects.requireNonNull(file.getFileName()).toString();
  }

  private static AotCache of(List<Path> jars, Path directory) {
    List<String> build = new ArrayList<>(Production.OPTIONS);
    build.add(Runtime.version().toString());
    for (Path jar : jars) {
      build.add(jar + " " + jar.toFile().lastModified() + " " + jar.toFile().length());
    }
    return new AotCache(
        directory.resolve(NAME + Integer.toHexString(build.hashCode()) + ENDING),
        String.join(File.pathSeparator, jars.stream().map(Path::toString).toList()),
        READ);
  }

  /** Whether a worker has been trained for it. */
  public boolean exists() {
    return Files.isRegularFile(file);
  }

  /** What a worker in training has, beside it until it is whole. */
  public AotCache inTraining() {
    return new AotCache(file.resolveSibling(name(file) + ".new"), classPath, WRITE);
  }

  /**
   * Takes the place of those of earlier builds.
   *
   * @throws BedException where the worker in training has left none
   */
  public void take(AotCache trained) {
    if (!trained.exists()) {
      throw new BedException("no AOT cache was written to " + trained.file);
    }
    try (Stream<Path> files = Files.list(Objects.requireNonNull(file.getParent()))) {
      for (Path one : files.toList()) {
        if (name(one).startsWith(NAME) && name(one).endsWith(ENDING)) {
          Files.delete(one);
        }
      }
      Files.move(trained.file, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a worker's JVM; one of them must be the same at both times, as in the image. */
  List<String> options() {
    return List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching", option + file);
  }
}
