package dev.perennial.devstack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * One redis-server on a port of 127.0.0.1, as a Redis or as a sentinel, in a process of its own
 * that ends when this JVM ends and does not hear a terminal's Ctrl-C. Not thread-safe.
 */
final class RedisProcess {
  private static final Duration START_LIMIT = Duration.ofSeconds(20);
  private static final int PORT_ATTEMPTS = 4;

  // Redis has a SIGINT handler of its own, so ignoring the signal is not enough: it needs a process
  // group of its own, by setsid or, where there is none, by the shell's job control. The reader of
  // the pipe is ended with Redis, or it would later kill whoever was given the same pid.
  private static final String GUARD =
      """
      trap '' INT QUIT HUP
      exec 3<&0 </dev/null
      if command -v setsid >/dev/null 2>&1; then
        setsid "$@" >&2 3<&- &
      else
        set -m
        "$@" >&2 3<&- &
      fi
      server=$!
      { while read -r _ <&3; do :; done; kill "$server"; } >/dev/null 2>&1 &
      reader=$!
      trap 'kill "$server"' TERM
      echo "$server"
      wait "$server"
      kill -9 "$reader" 2>/dev/null
      """;

  private final String name;
  private final Path binary;
  private final Path directory;
  private final List<String> options;
  private int port;
  private ServerProcess process;

  /**
   * Starts it and returns when it answers.
   *
   * @param directory its working directory, with its log
   * @param preferredPort where it is taken, the next free one; 0 for any
   * @param options that follow port, bind address and directory
   */
  RedisProcess(String name, Path binary, Path directory, int preferredPort, List<String> options) {
    this.name = name;
    this.binary = binary;
    this.directory = directory;
    this.options = List.copyOf(options);
    this.port = preferredPort;
    this.process = launch();
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void kill() {
    process.kill();
  }

  void stop() {
    process.stop();
  }

  /** Stops it if it runs and starts it again, on the same port if that is free. */
  void restart() {
    process.stop();
    process = launch();
  }

  private ServerProcess launch() {
    for (int attempt = 1; ; attempt++) {
      port = Ports.free(port);
      try {
        return launchOnPort();
      } catch (ServerStartException e) {
        if (!e.isAddressInUse() || attempt == PORT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private ServerProcess launchOnPort() {
    ServerProcess launched =
        ServerProcess.launch(
            name, GUARD, command(), Map.of(), directory.resolve("redis.log"), START_LIMIT);
    awaitAnswer(launched);
    return launched;
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(List.of(binary.toString()));
    boolean file = !options.isEmpty() && !options.getFirst().startsWith("--");
    if (file) {
      command.add(options.getFirst());
    }
    command.addAll(
        List.of(
            "--port",
            Integer.toString(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            directory.toString()));
    command.addAll(file ? options.subList(1, options.size()) : options);
    return command;
  }

  private void awaitAnswer(ServerProcess launched) {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!RedisWire.answers(port)) {
      if (!launched.isAlive()) {
        throw launched.failure("ended at once on port " + port);
      }
      if (System.nanoTime() > deadline) {
        throw launched.failure("did not answer PING on port " + port + " within 20 s");
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
