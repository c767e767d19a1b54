package dev.perennial.devstack;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis 7.0 on 127.0.0.1 in a process of its own, as a store of credentials wants it: every
 * write in the append-only file before it is answered, nothing evicted. It ends when this JVM ends,
 * however that happens, and does not hear a terminal's Ctrl-C. Data stay in the directory across
 * restarts; Redis's own log is {@code redis.log} there. Thread-safe.
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final List<String> SAFE =
      List.of(
          "--appendonly",
          "yes",
          "--appendfsync",
          "always",
          "--maxmemory-policy",
          "noeviction",
          "--save",
          "");

  private final DataDirectory data;
  private final RedisProcess process;

  private EmbeddedRedis(DataDirectory data, Path binary, int preferredPort, List<String> options) {
    List<String> all = new ArrayList<>(SAFE);
    all.addAll(options);
    this.data = data;
    this.process = new RedisProcess("Redis", binary, data.path(), preferredPort, all);
  }

  /**
   * Starts a Redis and returns when it answers.
   *
   * @param dataDir made where it does not exist
   * @param preferredPort where it is taken, the next free one; 0 for any
   * @throws ServerStartException where it does not start or does not answer within 20 s
   */
  public static EmbeddedRedis start(Path dataDir, int preferredPort) {
    DataDirectory data = DataDirectory.kept(dataDir);
    return new EmbeddedRedis(data, RedisBinary.in(data.path()), preferredPort, List.of());
  }

  /** Starts a Redis on any port in a temporary directory that goes at {@link #close()}. */
  public static EmbeddedRedis startTemporary(String... options) {
    DataDirectory data = DataDirectory.temporary("redis");
    return new EmbeddedRedis(data, RedisBinary.in(data.path()), 0, List.of(options));
  }

  /**
   * Starts a Redis on any port.
   *
   * @param dataDir made where it does not exist
   * @param binary another redis-server, 7.0 or newer; null = the one that comes along
   * @param options of redis-server, beside those of a store of credentials
   */
  public static EmbeddedRedis start(Path dataDir, @Nullable Path binary, List<String> options) {
    DataDirectory data = DataDirectory.kept(dataDir);
    return new EmbeddedRedis(
        data, binary == null ? RedisBinary.in(data.path()) : binary, 0, options);
  }

  /** {@code redis://127.0.0.1:<port>}. */
  public synchronized URI uri() {
    return URI.create("redis://127.0.0.1:" + port());
  }

  public synchronized int port() {
    return process.port();
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
    process.restart();
  }

  /** Stops it cleanly; what was temporary is removed. Calling it again does nothing. */
  @Override
  public synchronized void close() {
    process.stop();
    data.discardIfTemporary();
  }
}
