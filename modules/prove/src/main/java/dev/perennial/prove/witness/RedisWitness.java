package dev.perennial.prove.witness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.event.SealedPayloads;
import dev.perennial.prove.guarantee.Evidence;
import dev.perennial.prove.guarantee.Standing;
import dev.perennial.prove.guarantee.Stored;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Reads Redis key by key, without any script of ours. Each call connects anew. */
public final class RedisWitness {
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final String CONNECTION = "}:c:";
  private static final String CODE = "}:code:";

  private final URI uri;
  private final String prefix;
  private final SealedPayloads payloads;

  public RedisWitness(URI uri, String prefix, Sealer sealer) {
    this.uri = uri;
    this.prefix = prefix;
    this.payloads = new SealedPayloads(sealer);
  }

  /** Tells all it reads. */
  public void testify(Evidence.Builder evidence, ProviderWitness provider) {
    StringBuilder open = new StringBuilder();
    for (HostAndPort master : masters(uri)) {
      testify(master, open, evidence, provider);
    }
    evidence.open("Redis", open.toString());
  }

  private void testify(
      HostAndPort master, StringBuilder open, Evidence.Builder evidence, ProviderWitness provider) {
    try (Jedis jedis = open(master)) {
      for (byte[] raw : keys(jedis)) {
        String key = text(raw);
        open.append(key).append('\n');
        switch (jedis.type(key)) {
          case "hash" -> {
            Map<String, String> fields = hash(jedis, raw);
            fields.forEach(
                (field, value) -> open.append(field).append('\n').append(value).append('\n'));
            tell(key, fields, evidence, provider);
          }
          default -> values(jedis, raw).forEach(value -> open.append(text(value)).append('\n'));
        }
      }
    }
  }

  /** Of a key that is no hash. */
  private static Iterable<byte[]> values(Jedis jedis, byte[] key) {
    return switch (jedis.type(text(key))) {
      case "zset" -> jedis.zrange(key, 0, -1);
      case "set" -> jedis.smembers(key);
      case "list" -> jedis.lrange(key, 0, -1);
      case "string" -> List.of(jedis.get(key));
      case "none" -> List.of(); // has ended meanwhile
      default -> throw new IllegalStateException(text(key) + " is of a type that nobody reads");
    };
  }

  private void tell(
      String key, Map<String, String> fields, Evidence.Builder evidence, ProviderWitness provider) {
    int code = key.indexOf(CODE);
    if (code > 0) {
      evidence.codeRecord(
          key.substring(code + CODE.length()), fields.getOrDefault("state", "no state"));
      return;
    }
    connection(key)
        .ifPresent(connection -> {
          Optional<String> token = refreshToken(connection, fields.get("sealed"));
          evidence.stored(connection, stored(fields, token.flatMap(provider::nameOf).orElse(null)));
          evidence.standing(connection, token.map(provider::standing).orElse(Standing.UNKNOWN));
        });
  }

  private Optional<String> refreshToken(ConnectionKey key, @Nullable String sealed) {
    return sealed == null
        ? Optional.empty()
        : payloads
            .openTokens(key, Sealed.of(sealed.getBytes(ISO_8859_1)))
            .refreshToken()
            .map(token -> token.reveal());
  }

  /** The connections as they stand now, without the names of their tokens. */
  public Map<ConnectionKey, Stored> connections() {
    Map<ConnectionKey, Stored> all = new HashMap<>();
    for (HostAndPort master : masters(uri)) {
      try (Jedis jedis = open(master)) {
        for (byte[] raw : keys(jedis)) {
          connection(text(raw))
              .ifPresent(connection -> all.put(connection, stored(hash(jedis, raw), null)));
        }
      }
    }
    return all;
  }

  /** Forgets everything, as an operator's mistake would. */
  public static void flush(URI uri) {
    for (HostAndPort master : masters(uri)) {
      try (Jedis jedis = open(master)) {
        jedis.flushAll();
      }
    }
  }

  /** Where the keys are; of a cluster, all of whose nodes the URI names, without its replicas. */
  private static List<HostAndPort> masters(URI uri) {
    String authority = String.valueOf(uri.getRawAuthority());
    List<HostAndPort> hosts =
        Stream.of(authority.substring(authority.indexOf('@') + 1).split(","))
            .map(HostAndPort::from)
            .toList();
    return switch (String.valueOf(uri.getScheme())) {
      case "redis-cluster" -> hosts.stream().filter(RedisWitness::isMaster).toList();
      case "redis-sentinel" ->
          List.of(watched(hosts.getFirst(), String.valueOf(uri.getQuery()).replace("master=", "")));
      default -> hosts;
    };
  }

  private static boolean isMaster(HostAndPort node) {
    try (Jedis jedis = open(node)) {
      return jedis.info("replication").contains("role:master");
    } catch (JedisConnectionException _) { // was killed
      return false;
    }
  }

  private static HostAndPort watched(HostAndPort sentinel, String master) {
    try (Jedis jedis = open(sentinel)) {
      List<String> address = jedis.sentinelGetMasterAddrByName(master);
      return new HostAndPort(address.get(0), Integer.parseInt(address.get(1)));
    }
  }

  private static Jedis open(HostAndPort at) {
    return new Jedis(
        at,
        DefaultJedisClientConfig.builder()
            .timeoutMillis((int) ANSWER.toMillis())
            .autoNegotiateProtocol(false)
            .build());
  }

  private List<byte[]> keys(Jedis jedis) {
    return new ArrayList<>(jedis.keys((prefix + ":*").getBytes(ISO_8859_1)));
  }

  private static Map<String, String> hash(Jedis jedis, byte[] key) {
    Map<String, String> fields = new HashMap<>();
    jedis.hgetAll(key).forEach((field, value) -> fields.put(text(field), text(value)));
    return fields;
  }

  private static Optional<ConnectionKey> connection(String key) {
    int at = key.indexOf(CONNECTION);
    return at < 0
        ? Optional.empty()
        : Optional.of(ConnectionKey.parse(key.substring(at + CONNECTION.length())));
  }

  private static Stored stored(Map<String, String> fields, @Nullable String refreshToken) {
    return new Stored(
        number(fields, "grant"),
        number(fields, "token_gen"),
        number(fields, "version"),
        number(fields, "published"),
        fields.getOrDefault("status", ""),
        fields.get("sealed"),
        refreshToken,
        fields.get("attempt"),
        fields.get("attempt_state"),
        instant(fields, "lease_until"),
        instant(fields, "due_at"));
  }

  private static long number(Map<String, String> fields, String field) {
    return Long.parseLong(fields.getOrDefault(field, "0"));
  }

  private static @Nullable Instant instant(Map<String, String> fields, String field) {
    return fields.containsKey(field) ? Instant.ofEpochMilli(number(fields, field)) : null;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }
}
