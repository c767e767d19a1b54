package dev.perennial.bench.bed;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of our own class path in a process of its own. Its main class ends where its standard input
 * does, so that it never outlives us. Lines are said to it and heard from it. Thread-safe.
 */
public final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration GRACE = Duration.ofSeconds(45);
  private static final String ENDED = "\0ended";

  private final String name;
  private final Path log;
  private final Process process;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  /**
   * How one is started.
   *
   * @param log gets its standard error
   * @param classPath null = ours
   */
  public record Launch(
      String name,
      Class<?> main,
      List<String> jvm,
      List<String> arguments,
      Map<String, String> environment,
      Path directory,
      Path log,
      @Nullable String classPath) {

    /** The same on our class path. */
    public Launch(
        String name,
        Class<?> main,
        List<String> jvm,
        List<String> arguments,
        Map<String, String> environment,
        Path directory,
        Path log) {
      this(name, main, jvm, arguments, environment, directory, log, null);
    }
  }

  private Child(Launch launch, Process process) {
    this.name = launch.name();
    this.log = launch.log();
    this.process = process;
    // Not a virtual one: a read from a pipe keeps its carrier, and there are only two of those.
    Thread.ofPlatform().daemon().name("hears " + launch.name()).start(this::hear);
  }

  public static Child start(Launch launch) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(property("java.home"), "bin", "java").toString());
    command.addAll(launch.jvm());
    String own = launch.classPath();
    command.addAll(List.of("-cp", own == null ? classPath() : own, launch.main().getName()));
    command.addAll(launch.arguments());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(launch.directory().toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
    builder.environment().keySet().removeIf(key -> key.startsWith("PERENNIAL_"));
    builder.environment().putAll(launch.environment());
    try {
      return new Child(launch, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(launch.name() + " could not be launched", e);
    }
  }

  /** Surefire hides the real one; absolute, since the child stands in another directory. */
  static String classPath() {
    String surefire = System.getProperty("surefire.test.class.path");
    String ours = surefire == null ? property("java.class.path") : surefire;
    return Arrays.stream(ours.split(Pattern.quote(File.pathSeparator)))
        .map(entry -> new File(entry).getAbsolutePath())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }

  private void hear() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        heard.add(line);
      }
    } catch (IOException e) {
      // it has ended
    }
    heard.add(ENDED);
  }

  /**
   * The next line that begins so; others are passed over.
   *
   * @throws BedException where it has ended, or says nothing for long
   */
  String await(String prefix) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String line = poll(end - System.nanoTime());
      if (line == null || line.equals(ENDED)) {
        String what = line == null ? " did not say in time: " : " ended before it said: ";
        throw new BedException(name + what + prefix + "; its log is " + log);
      }
      if (line.startsWith(prefix)) {
        return line;
      }
    }
  }

  private @Nullable String poll(long nanos) {
    try {
      return heard.poll(Math.max(1, nanos), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BedException("interrupted while waiting for " + name);
    }
  }

  synchronized void say(String line) {
    try {
      Writer writer = process.outputWriter(StandardCharsets.UTF_8);
      writer.write(line + "\n");
      writer.flush();
    } catch (IOException e) {
      throw new BedException(name + " has ended; its log is " + log);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGTERM, which drains a worker; then SIGKILL. */
  @Override
  public void close() {
    // Its own destroy() closes the input too, which ends a worker at once.
    boolean _ = process.toHandle().destroy();
    if (!awaitEnd()) {
      process.destroyForcibly();
      boolean _ = awaitEnd();
    }
  }

  private boolean awaitEnd() {
    try {
      return process.waitFor(GRACE);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
