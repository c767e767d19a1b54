package dev.perennial.devstack;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * A real Redis Cluster on 127.0.0.1: three masters with a third of the slots each, and a replica
 * for each of them, every one a process of its own that ends with this JVM. A master that is silent
 * for two seconds is taken for dead. Thread-safe.
 */
public final class EmbeddedRedisCluster implements AutoCloseable {
  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final List<String> OPTIONS =
      List.of(
          "--cluster-enabled",
          "yes",
          "--cluster-node-timeout",
          "2000",
          "--cluster-require-full-coverage",
          "no",
          "--cluster-allow-replica-migration",
          "no",
          "--repl-diskless-sync-delay",
          "0",
          "--appendfsync", // a killed process loses nothing by it, and six of them share a disk
          "no");

  private final DataDirectory data;
  private final List<EmbeddedRedis> nodes = new ArrayList<>();

  private EmbeddedRedisCluster(DataDirectory data, List<String> options) {
    this.data = data;
    try {
      Path binary = RedisBinary.in(data.path());
      for (int i = 0; i < 2 * MASTERS; i++) {
        nodes.add(EmbeddedRedis.start(data.file("node-" + i), binary, own(options)));
      }
      form();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a cluster in a temporary directory and returns when it is whole.
   *
   * @param options of every redis-server, such as {@code --min-replicas-to-write 1}
   */
  public static EmbeddedRedisCluster startTemporary(String... options) {
    return new EmbeddedRedisCluster(DataDirectory.temporary("cluster"), List.of(options));
  }

  /** The bus has a port of its own: by default it would be 10000 above, and often taken. */
  private static List<String> own(List<String> options) {
    List<String> all = new ArrayList<>(OPTIONS);
    all.addAll(List.of("--cluster-port", Integer.toString(Ports.free(0))));
    all.addAll(options);
    return all;
  }

  private void form() {
    for (int i = 0; i < MASTERS; i++) {
      RedisWire.text(
          nodes.get(i).port(),
          "CLUSTER",
          "ADDSLOTSRANGE",
          Integer.toString(i * SLOTS / MASTERS),
          Integer.toString((i + 1) * SLOTS / MASTERS - 1));
      RedisWire.text(nodes.get(i).port(), "CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
    }
    nodes.forEach(this::meet);
    await("every node knows all others", () -> nodes.stream().allMatch(this::knowsAll));
    for (int i = MASTERS; i < nodes.size(); i++) {
      replicate(nodes.get(i), nodes.get(i - MASTERS));
    }
    awaitWhole();
  }

  private void meet(EmbeddedRedis node) {
    EmbeddedRedis first = nodes.getFirst();
    RedisWire.text(
        first.port(), "CLUSTER", "MEET", "127.0.0.1", Integer.toString(node.port()), bus(node));
  }

  private static String bus(EmbeddedRedis node) {
    return RedisWire.texts(node.port(), "CONFIG", "GET", "cluster-port").get(1);
  }

  private boolean knowsAll(EmbeddedRedis node) {
    String known = RedisWire.text(node.port(), "CLUSTER", "NODES");
    return known.lines().count() == nodes.size() && !known.contains("handshake");
  }

  private void replicate(EmbeddedRedis replica, EmbeddedRedis master) {
    RedisWire.text(replica.port(), "CLUSTER", "REPLICATE", id(master));
  }

  private static String id(EmbeddedRedis node) {
    return RedisWire.text(node.port(), "CLUSTER", "MYID");
  }

  /** Waits until every slot is served, and every master that runs has a replica that is in step. */
  public void awaitWhole() {
    await(
        "the cluster is whole",
        () -> nodes.stream().filter(EmbeddedRedis::isAlive).allMatch(EmbeddedRedisCluster::isWell));
  }

  private static boolean isWell(EmbeddedRedis node) {
    String replication = RedisWire.text(node.port(), "INFO", "replication");
    return RedisWire.text(node.port(), "CLUSTER", "INFO").contains("cluster_state:ok")
        && (replication.contains("state=online") || replication.contains("master_link_status:up"));
  }

  /** {@code redis-cluster://127.0.0.1:<port>,…} with every node. */
  public URI uri() {
    return URI.create("redis-cluster://" + addresses());
  }

  private String addresses() {
    return nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
  }

  /** All of them, masters and replicas. */
  public List<EmbeddedRedis> nodes() {
    return List.copyOf(nodes);
  }

  /** The masters as they are now. */
  public List<EmbeddedRedis> masters() {
    return nodes.stream()
        .filter(EmbeddedRedis::isAlive)
        .filter(node -> RedisWire.text(node.port(), "INFO", "replication").contains("role:master"))
        .toList();
  }

  /** The slot of a key. */
  public int slot(String key) {
    return Integer.parseInt(RedisWire.text(alive().port(), "CLUSTER", "KEYSLOT", key));
  }

  /** The master that serves a slot now. */
  public EmbeddedRedis masterOf(int slot) {
    return masters().stream()
        .filter(node -> serves(node, slot))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no master serves slot " + slot));
  }

  private static boolean serves(EmbeddedRedis node, int slot) {
    String own =
        RedisWire.text(node.port(), "CLUSTER", "NODES")
            .lines()
            .filter(line -> line.contains("myself"))
            .findFirst()
            .orElse("");
    List<String> words = List.of(own.split(" "));
    return words.stream()
        .skip(8)
        .filter(range -> !range.startsWith("["))
        .map(range -> range.split("-"))
        .anyMatch(range ->
            Integer.parseInt(range[0]) <= slot
                && slot <= Integer.parseInt(range[range.length - 1]));
  }

  private EmbeddedRedis alive() {
    return nodes.stream().filter(EmbeddedRedis::isAlive).findFirst().orElseThrow();
  }

  /** A move of a slot from the master that serves it to another one, step by step. */
  public Move move(int slot) {
    EmbeddedRedis from = masterOf(slot);
    EmbeddedRedis to =
        masters().stream().filter(node -> node.port() != from.port()).findFirst().orElseThrow();
    return new Move(slot, from, to);
  }

  /** Begun by {@link #open()}; key by key as an operator's tool does it. Not thread-safe. */
  public final class Move {
    private final String slot;
    private final EmbeddedRedis from;
    private final EmbeddedRedis to;

    private Move(int slot, EmbeddedRedis from, EmbeddedRedis to) {
      this.slot = Integer.toString(slot);
      this.from = from;
      this.to = to;
    }

    /** From now on keys that are not at the old place are looked for at the new one. */
    public void open() {
      RedisWire.text(to.port(), "CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
      RedisWire.text(from.port(), "CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
    }

    /**
     * Takes some keys over.
     *
     * @return whether there may be more
     */
    public boolean some(int most) {
      List<String> keys =
          RedisWire.texts(from.port(), "CLUSTER", "GETKEYSINSLOT", slot, Integer.toString(most));
      for (String key : keys) {
        RedisWire.text(
            from.port(), "MIGRATE", "127.0.0.1", Integer.toString(to.port()), key, "0", "2000");
      }
      return !keys.isEmpty();
    }

    /** Takes over what is left; the slot is the new master's. */
    public void finish() {
      while (some(100)) {}
      for (EmbeddedRedis node : List.of(to, from)) {
        RedisWire.text(node.port(), "CLUSTER", "SETSLOT", slot, "NODE", id(to));
      }
      for (EmbeddedRedis node : masters()) {
        RedisWire.text(node.port(), "CLUSTER", "SETSLOT", slot, "NODE", id(to));
      }
    }

    public EmbeddedRedis from() {
      return from;
    }

    public EmbeddedRedis to() {
      return to;
    }
  }

  /** Waits for a replica to have taken the place of a master that was killed. */
  public EmbeddedRedis awaitSuccessor(int slot, EmbeddedRedis killed) {
    await(
        "another master serves slot " + slot,
        () -> masters().stream().anyMatch(node -> node != killed && serves(node, slot)));
    return masterOf(slot);
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() > deadline) {
        throw new ServerStartException("not within " + LIMIT.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static boolean holds(BooleanSupplier condition) {
    try {
      return condition.getAsBoolean();
    } catch (UncheckedIOException | RedisWire.RedisError e) {
      return false;
    }
  }

  @Override
  public void close() {
    nodes.forEach(EmbeddedRedis::close);
    data.discardIfTemporary();
  }
}
