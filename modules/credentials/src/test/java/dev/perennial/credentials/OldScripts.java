package dev.perennial.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The scripts of an earlier release, word for word, with the arguments that its program gives them:
 * what an old process does to a Redis while new ones run beside it. Never edited; they go when that
 * release may not run beside this one any more.
 */
final class OldScripts {
  private final RedisConnections redis;
  private final String version;
  private final String connection;
  private final String shard;

  /**
   * @param connection the key of the connection's hash
   * @param shard the key of its shard's hash
   */
  OldScripts(RedisConnections redis, String version, String connection, String shard) {
    this.redis = redis;
    this.version = version;
    this.connection = connection;
    this.shard = shard;
  }

  /** Without a window in which a token may be sent again. */
  Reply begin(long version, String attempt) {
    return fenced("begin", version, attempt, 120_000, 150_000, "never", 60_000);
  }

  Reply commit(String attempt, int stage, boolean last, long grant, long gen, String sealed) {
    long now = System.currentTimeMillis();
    return fenced(
        "commit",
        attempt,
        stage,
        last ? 1 : 0,
        grant,
        gen,
        sealed,
        now,
        now + 3_600_000,
        "Bearer",
        "mail",
        now + 2_700_000,
        "",
        "",
        120_000,
        150_000,
        "",
        "",
        0);
  }

  Reply refused(String attempt, long grant, long gen) {
    return fenced("fail", attempt, grant, gen, 0, "refused", 0, "refused", "", "");
  }

  Reply put(long grant, String authorization, String sealed) {
    long now = System.currentTimeMillis();
    return run(
        List.of("prelude", "run", "fenced", "put"),
        List.of(connection, shard, shard.replace(":shard", ":code:" + authorization)),
        args(
            grant,
            authorization,
            sealed,
            now,
            now + 3_600_000,
            "Bearer",
            "mail",
            now + 2_700_000,
            "",
            "",
            "",
            ""));
  }

  Reply published(long grant, long version) {
    return fenced("published", grant, version);
  }

  Reply find() {
    return run(List.of("prelude", "find"), List.of(connection, shard), args());
  }

  Reply claim() {
    return run(
        List.of("shard_prelude", "run", "fenced_shard", "claim"),
        List.of(shard),
        new Object[] {base(), 200, 150_000});
  }

  /** Of the topics that the fixtures have. */
  Reply attend() {
    return run(
        List.of("shard_prelude", "run", "attend"),
        List.of(shard),
        new Object[] {base(), "topic", "journal", 0});
  }

  Reply ready(String run, long offset) {
    return run(
        List.of("shard_prelude", "run", "ready"),
        List.of(shard),
        new Object[] {base(), run, offset, 0, 0});
  }

  private Reply fenced(String own, Object... args) {
    return run(List.of("prelude", "run", "fenced", own), List.of(connection, shard), args(args));
  }

  private Object[] args(Object... own) {
    Object[] all = new Object[own.length + 2];
    all[0] = base();
    all[1] = connection.substring(connection.indexOf(":c:") + 3);
    System.arraycopy(own, 0, all, 2, own.length);
    return all;
  }

  private String base() {
    return shard.substring(0, shard.length() - "shard".length());
  }

  private Reply run(List<String> parts, List<String> keys, Object[] args) {
    byte[] text = parts.stream().map(this::read).collect(Collectors.joining()).getBytes(UTF_8);
    List<byte[]> keyBytes = keys.stream().map(key -> key.getBytes(UTF_8)).toList();
    List<byte[]> argBytes = Arrays.stream(args).map(arg -> arg.toString().getBytes(UTF_8)).toList();
    return new Reply((List<?>) redis.call(client -> client.eval(text, keyBytes, argBytes)));
  }

  private String read(String part) {
    String name = "/golden/scripts/" + version + "/" + part + ".lua";
    try (InputStream file = OldScripts.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
