package dev.perennial.devstack;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A real Redis 7.0 on 127.0.0.1 in a process of its own, as a store of credentials wants it: every
 * write in the append-only file before it is answered, nothing evicted. It ends when this JVM ends,
 * however that happens, and does not hear a terminal's Ctrl-C. Data stay in the directory across
 * restarts; Redis's own log is {@code redis.log} there. Thread-safe.
 */
public final class EmbeddedRedis implements AutoCloseable {
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

  private final DataDirectory data;
  private final Path binary;
  private int port;
  private ServerProcess process;

  private EmbeddedRedis(DataDirectory data, int preferredPort) {
    this.data = data;
    this.binary = RedisBinary.in(data.path());
    this.port = preferredPort;
    this.process = launch();
  }

  /**
   * Starts a Redis and returns when it answers.
   *
   * @param dataDir made where it does not exist
   * @param preferredPort where it is taken, the next free one; 0 for any
   * @throws ServerStartException where it does not start or does not answer within 20 s
   */
  public static EmbeddedRedis start(Path dataDir, int preferredPort) {
    return new EmbeddedRedis(DataDirectory.kept(dataDir), preferredPort);
  }

  /** Starts a Redis on any port in a temporary directory that goes at {@link #close()}. */
  public static EmbeddedRedis startTemporary() {
    return new EmbeddedRedis(DataDirectory.temporary("redis"), 0);
  }

  /** {@code redis://127.0.0.1:<port>}. */
  public synchronized URI uri() {
    return URI.create("redis://127.0.0.1:" + port);
  }

  public synchronized int port() {
    return port;
  }

  /** Process id of the redis-server itself; another one after {@link #restart()}. */
  public synchronized long pid() {
    return process.pid();
  }

  public synchronized boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL, as a fault: returns when the process is gone. {@link #restart()} brings it back. */
  public synchronized void kill() {
    process.kill();
  }

  /** Stops it if it runs and starts it again over the same data, on the same port if it is free. */
  public synchronized void restart() {
    process.stop();
    process = launch();
  }

  /** Stops it cleanly; what was temporary is removed. Calling it again does nothing. */
  @Override
  public synchronized void close() {
    process.stop();
    data.discardIfTemporary();
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
            "Redis", GUARD, command(), Map.of(), data.file("redis.log"), START_LIMIT);
    awaitPong(launched);
    return launched;
  }

  private List<String> command() {
    return List.of(
        binary.toString(),
        "--port",
        Integer.toString(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        data.path().toString(),
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
        "--maxmemory-policy",
        "noeviction",
        "--save",
        "");
  }

  private void awaitPong(ServerProcess launched) {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!answersPing()) {
      if (!launched.isAlive()) {
        throw launched.failure("ended at once on port " + port);
      }
      if (System.nanoTime() > deadline) {
        throw launched.failure("did not answer PING on port " + port + " within 20 s");
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  // While it loads its data it answers -LOADING.
  private boolean answersPing() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(Ports.loopback(), port), 1_000);
      socket.setSoTimeout(1_000);
      OutputStream out = socket.getOutputStream();
      out.write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      byte[] answer = socket.getInputStream().readNBytes(5);
      return new String(answer, StandardCharsets.US_ASCII).equals("+PONG");
    } catch (IOException notYet) {
      return false;
    }
  }
}
