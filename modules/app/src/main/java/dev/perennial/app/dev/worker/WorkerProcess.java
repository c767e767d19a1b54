package dev.perennial.app.dev.worker;

import dev.perennial.app.role.Role;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A worker as a child process that can be killed, stopped, and started again under the same name
 * and with the same configuration. Everything it logs is appended to one file. Thread-safe.
 */
public final class WorkerProcess implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(2);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(ANSWER).build();

  private final WorkerSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Process process;
  private @Nullable Stopped stopped;
  private CountDownLatch started = new CountDownLatch(1);
  private @Nullable String otherClassPath;

  /**
   * What a worker is.
   *
   * @param configuration by key, e.g. {@code redis.uri}
   * @param variables as the environment has them
   * @param adminPort where it answers for its health
   * @param log its standard error and output
   */
  public record WorkerSettings(
      String name,
      Role role,
      Map<String, String> configuration,
      Map<String, String> variables,
      Addresses addresses,
      int adminPort,
      Path directory,
      Path log) {}

  public WorkerProcess(WorkerSettings settings) {
    this.settings = settings;
  }

  /** For whoever wants it for himself over several steps. */
  public ReentrantLock lock() {
    return lock;
  }

  public String name() {
    return settings.name();
  }

  public Role role() {
    return settings.role();
  }

  public Path log() {
    return settings.log();
  }

  /**
   * Which program it is from its next start on: another version of this one, whose worker takes the
   * same arguments.
   *
   * @param classPath of that version; null = this one
   */
  public synchronized void program(@Nullable String classPath) {
    otherClassPath = classPath;
  }

  /** Starts it; does nothing where it runs. */
  public synchronized void start() {
    if (process != null && process.isAlive()) {
      return;
    }
    started = new CountDownLatch(1);
    ProcessBuilder builder =
        new ProcessBuilder(command())
            .directory(settings.directory().toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(settings.log().toFile()));
    builder.environment().keySet().removeIf(key -> key.startsWith("PERENNIAL_"));
    builder.environment().putAll(settings.variables());
    settings
        .configuration()
        .forEach((key, value) -> builder.environment().put(environmentName(key), value));
    try {
      Process launched = builder.start();
      process = launched;
      CountDownLatch says = started;
      Thread.ofVirtual().start(() -> read(launched, says));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(property("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xms32m",
            "-Xmx192m",
            "-Xshare:auto",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            otherClassPath == null ? classPath() : otherClassPath,
            WorkerMain.class.getName(),
            settings.role().text(),
            settings.name(),
            settings.addresses().toString()));
    return command;
  }

  /**
   * Surefire hides the real one behind a jar of its own. Absolute, since the worker stands in
   * another directory.
   */
  private static String classPath() {
    String surefire = System.getProperty("surefire.test.class.path");
    String ours = surefire == null ? property("java.class.path") : surefire;
    return Arrays.stream(ours.split(Pattern.quote(File.pathSeparator)))
        .map(entry -> new File(entry).getAbsolutePath())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }

  private static String environmentName(String key) {
    return "PERENNIAL_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static void read(Process from, CountDownLatch started) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals(WorkerMain.STARTED)) {
          started.countDown();
        }
      }
    } catch (IOException e) {
      // it was killed
    }
  }

  public synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Waits until its roles have begun, and says whether they have. */
  public boolean awaitStarted(Duration most) {
    CountDownLatch latch;
    synchronized (this) {
      latch = started;
    }
    try {
      return latch.await(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether it says of itself that all is well. */
  public boolean ready() {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + settings.adminPort() + "/health/ready"))
            .timeout(ANSWER)
            .build();
    try {
      return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** SIGKILL; returns when it is gone. */
  public synchronized void kill() {
    if (process != null) {
      process.destroyForcibly();
      await(process);
    }
  }

  /**
   * SIGTERM: drains; killed where it has not ended within the limit. Says whether it ended well.
   */
  public synchronized boolean terminate(Duration limit) {
    if (process == null || !process.isAlive()) {
      return true;
    }
    // Its own destroy() closes the input too, which ends it at once.
    boolean _ = process.toHandle().destroy();
    boolean drained = awaits(process, limit) && process.exitValue() == 0;
    kill();
    return drained;
  }

  /** SIGSTOP, until {@link #resume}. */
  public synchronized void stop() {
    if (stopped == null && process != null) {
      stopped = Stopped.of(process.pid());
    }
  }

  /** SIGCONT. */
  public synchronized void resume() {
    if (stopped != null) {
      stopped.close();
      stopped = null;
    }
  }

  /** Sets its clock wrong by this much. */
  public synchronized void shiftClock(Duration by) {
    if (process == null) {
      return;
    }
    try {
      Writer writer = process.outputWriter(StandardCharsets.UTF_8);
      writer.write("clock " + by + "\n");
      writer.flush();
    } catch (IOException e) {
      // it has ended in the meantime
    }
  }

  /** Ends it the hard way. */
  @Override
  public synchronized void close() {
    resume();
    kill();
  }

  private static void await(Process process) {
    boolean _ = awaits(process, Duration.ofSeconds(20));
  }

  private static boolean awaits(Process process, Duration limit) {
    try {
      return process.waitFor(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
