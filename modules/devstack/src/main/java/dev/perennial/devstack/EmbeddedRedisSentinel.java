package dev.perennial.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A real Redis master on 127.0.0.1 with two replicas and three sentinels, every one a process of
 * its own that ends with this JVM. A master that is silent for five seconds is taken for dead.
 * Thread-safe.
 */
public final class EmbeddedRedisSentinel implements AutoCloseable {
  private static final int REPLICAS = 2;
  private static final int SENTINELS = 3;
  private static final String MASTER = "perennial";

  private final DataDirectory data;
  private final List<EmbeddedRedis> servers = new ArrayList<>();
  private final List<RedisProcess> sentinels = new ArrayList<>();

  private EmbeddedRedisSentinel(DataDirectory data, List<String> options) {
    this.data = data;
    try {
      Path binary = RedisBinary.in(data.path());
      startServers(binary, options);
      for (int i = 0; i < SENTINELS; i++) {
        sentinels.add(sentinel(binary, i));
      }
      EmbeddedRedisCluster.await("the sentinels know each other and the replicas", this::isWatched);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts them in a temporary directory and returns when the sentinels know each other.
   *
   * @param options of every redis-server, such as {@code --min-replicas-to-write 1}
   */
  public static EmbeddedRedisSentinel startTemporary(String... options) {
    return new EmbeddedRedisSentinel(DataDirectory.temporary("sentinel"), List.of(options));
  }

  private void startServers(Path binary, List<String> options) {
    // A killed process loses nothing without fsync, and three of them share a disk.
    List<String> common =
        new ArrayList<>(List.of("--repl-diskless-sync-delay", "0", "--appendfsync", "no"));
    common.addAll(options);
    servers.add(EmbeddedRedis.start(data.file("redis-0"), binary, common));
    List<String> replica = new ArrayList<>(common);
    replica.addAll(
        List.of("--replicaof", "127.0.0.1", Integer.toString(servers.getFirst().port())));
    for (int i = 1; i <= REPLICAS; i++) {
      servers.add(EmbeddedRedis.start(data.file("redis-" + i), binary, replica));
    }
  }

  private RedisProcess sentinel(Path binary, int i) {
    String master =
        """
        sentinel monitor %1$s 127.0.0.1 %2$d 2
        sentinel down-after-milliseconds %1$s 5000
        sentinel failover-timeout %1$s 10000
        """
            .formatted(MASTER, servers.getFirst().port());
    try {
      Path directory = Files.createDirectories(data.file("sentinel-" + i));
      Path file = Files.writeString(directory.resolve("sentinel.conf"), master);
      return new RedisProcess(
          "sentinel", binary, directory, 0, List.of(file.toString(), "--sentinel"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isWatched() {
    return sentinels.stream()
        .map(sentinel -> RedisWire.texts(sentinel.port(), "SENTINEL", "MASTER", MASTER))
        .allMatch(master ->
            value(master, "num-slaves").equals(Integer.toString(REPLICAS))
                && value(master, "num-other-sentinels").equals(Integer.toString(SENTINELS - 1)));
  }

  private static String value(List<String> pairs, String name) {
    int at = pairs.indexOf(name);
    return at < 0 ? "" : pairs.get(at + 1);
  }

  /** {@code redis-sentinel://127.0.0.1:<port>,…?master=perennial} with every sentinel. */
  public URI uri() {
    String hosts =
        sentinels.stream()
            .map(sentinel -> "127.0.0.1:" + sentinel.port())
            .collect(Collectors.joining(","));
    return URI.create("redis-sentinel://" + hosts + "?master=" + MASTER);
  }

  /** The master, as the sentinels see it. */
  public EmbeddedRedis master() {
    int port = masterPort();
    return servers.stream().filter(server -> server.port() == port).findFirst().orElseThrow();
  }

  private int masterPort() {
    return Integer.parseInt(
        RedisWire.texts(sentinels.getFirst().port(), "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER)
            .get(1));
  }

  /** Waits for the sentinels to have made another one the master. */
  public EmbeddedRedis awaitSuccessor(EmbeddedRedis killed) {
    EmbeddedRedisCluster.await(
        "the sentinels name another master",
        () ->
            masterPort() != killed.port()
                && RedisWire.text(masterPort(), "INFO", "replication").contains("role:master"));
    return master();
  }

  /** All of them, master and replicas. */
  public List<EmbeddedRedis> servers() {
    return List.copyOf(servers);
  }

  @Override
  public void close() {
    sentinels.forEach(RedisProcess::stop);
    servers.forEach(EmbeddedRedis::close);
    data.discardIfTemporary();
  }
}
