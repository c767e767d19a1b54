package dev.perennial.devstack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server in a process of its own, started through a guard shell.
 *
 * <ul>
 *   <li>The guard's standard input is a pipe that only we hold; when it closes (we closed it, or we
 *       died, whatever the reason) the server is ended.
 *   <li>A terminal's Ctrl-C does not reach the server: we must have drained before it goes.
 *   <li>The guard's first line on standard output is the pid of the server itself; everything the
 *       server prints to standard error goes to the log file.
 * </ul>
 */
final class ServerProcess {
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final int TAIL_LINES = 30;
  private static final long ROTATE_ABOVE_BYTES = 8L << 20;

  private final String name;
  private final Path log;
  private final Process guard;
  private final BufferedReader output;
  private final long pid;

  private ServerProcess(String name, Path log, Process guard, Duration limit) {
    this.name = name;
    this.log = log;
    this.guard = guard;
    this.output =
        new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8));
    this.pid = Long.parseLong(awaitLine("its process id", limit).strip());
  }

  /**
   * @param script what the guard shell runs; {@code "$@"} is the server's command
   * @throws ServerStartException where the guard does not name the server's pid within the limit
   */
  static ServerProcess launch(
      String name,
      String script,
      List<String> command,
      Map<String, String> environment,
      Path log,
      Duration limit) {
    List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", script, name));
    line.addAll(command);
    try {
      rotate(log);
      ProcessBuilder builder = new ProcessBuilder(line);
      builder.environment().putAll(environment);
      builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      return new ServerProcess(name, log, builder.start(), limit);
    } catch (IOException e) {
      throw new ServerStartException(name + " could not be launched: " + e.getMessage(), e);
    }
  }

  /** The server's own process id, not the guard's. */
  long pid() {
    return pid;
  }

  boolean isAlive() {
    return guard.isAlive();
  }

  /** Waits for the server's next line on standard output; its end or silence is a failure. */
  String awaitLine(String what, Duration limit) {
    CompletableFuture<String> line = new CompletableFuture<>();
    Thread.ofVirtual().name(name + "-output").start(() -> readLine(line));
    try {
      return line.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw failure("did not say " + what + " within " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw failure("ended before it said " + what);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("was interrupted before it said " + what);
    }
  }

  private void readLine(CompletableFuture<String> line) {
    try {
      String read = output.readLine();
      if (read == null) {
        line.completeExceptionally(new IOException("end of output"));
      } else {
        line.complete(read);
      }
    } catch (IOException e) {
      line.completeExceptionally(e);
    }
  }

  /** Ends the process and gives the exception to throw, with the last lines of the log. */
  ServerStartException failure(String why) {
    kill();
    return new ServerStartException(
        name + " " + why + "; the last lines of " + log + ":\n" + tail());
  }

  /** Asks the server to end, waits, and ends it the hard way where it does not. */
  void stop() {
    closeInput();
    if (!awaitEnd(GRACE)) {
      kill();
    }
  }

  /** SIGKILL to the server itself; returns when it is gone. */
  void kill() {
    if (pid > 0 && guard.isAlive()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    closeInput();
    if (!awaitEnd(GRACE)) {
      guard.destroyForcibly();
    }
  }

  private void closeInput() {
    try {
      guard.getOutputStream().close();
    } catch (IOException alreadyGone) {
      // The guard ended before us: nothing is left to tell it.
    }
  }

  private boolean awaitEnd(Duration limit) {
    try {
      return guard.waitFor(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String tail() {
    try {
      List<String> lines = Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(unreadable: " + e.getMessage() + ")";
    }
  }

  // One older log is kept, so that a stack in daily use does not fill the disk.
  private static void rotate(Path log) {
    try {
      if (Files.exists(log) && Files.size(log) > ROTATE_ABOVE_BYTES) {
        Files.move(
            log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
