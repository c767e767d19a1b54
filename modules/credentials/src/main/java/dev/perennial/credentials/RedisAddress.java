package dev.perennial.credentials;

import dev.perennial.domain.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Where Redis is, what kind of installation it is, and who we are to it:
 *
 * <pre>
 * redis://[[user]:password@]host[:6379][/database]                                 one server
 * redis-sentinel://[[user]:password@]host[:26379],…[/database]?master=name         sentinels watch it
 * redis-cluster://[[user]:password@]host[:6379],…                                  a Redis Cluster
 * </pre>
 *
 * {@code rediss…} is the same over TLS. User and password are percent-encoded and are those of
 * Redis itself, not of sentinels. Prints neither. Immutable.
 */
public final class RedisAddress {
  private static final int REDIS_PORT = 6379;
  private static final int SENTINEL_PORT = 26379;
  private static final int LONGEST = 4096;

  private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])";
  private static final Pattern FORM =
      Pattern.compile(
          "(?<scheme>rediss?)(?:-(?<kind>sentinel|cluster))?://(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?"
              + "(?<hosts>[^@/?#]+)(?<path>/\\d{0,5})?(?:\\?master=(?<master>[A-Za-z0-9._-]+))?");
  private static final Pattern NODE =
      Pattern.compile("(?<host>" + HOST + ")(?::(?<port>\\d{1,5}))?");

  /** What stands at the address. */
  public enum Kind {
    SINGLE,
    SENTINEL,
    CLUSTER
  }

  private final Kind kind;
  private final boolean tls;
  private final List<HostAndPort> nodes;
  private final @Nullable String user;
  private final @Nullable Secret password;
  private final int database;
  private final @Nullable String master;

  private RedisAddress(Matcher form) {
    this.kind = kind(form.group("kind"));
    this.tls = "rediss".equals(form.group("scheme"));
    this.nodes = nodes(String.valueOf(form.group("hosts")), kind);
    this.user = decoded(form.group("user"));
    String secret = decoded(form.group("password"));
    this.password = secret == null ? null : Secret.of(secret);
    this.database = database(form.group("path"));
    this.master = form.group("master");
    check();
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException where it is none; the message carries nothing of it
   */
  public static RedisAddress parse(String text) {
    Matcher form = FORM.matcher(text);
    if (text.length() > LONGEST || !form.matches()) {
      throw new IllegalArgumentException(
          "expected redis://host:port, redis-sentinel://host:port,host:port?master=name or"
              + " redis-cluster://host:port,host:port (rediss… for TLS), user:password@ before the"
              + " hosts, special characters in the password percent-encoded");
    }
    return new RedisAddress(form);
  }

  private void check() {
    require(
        kind != Kind.SINGLE || nodes.size() == 1,
        "several hosts: is it redis-sentinel:// or redis-cluster://?");
    require(
        (kind == Kind.SENTINEL) == (master != null),
        "redis-sentinel://… ends in ?master=name, the others do not");
    require(
        kind != Kind.CLUSTER || database == 0,
        "a Redis Cluster has no databases: leave the number out");
    require(user == null || password != null, "a user without a password: expected user:password@");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static Kind kind(@Nullable String text) {
    return text == null ? Kind.SINGLE : text.equals("sentinel") ? Kind.SENTINEL : Kind.CLUSTER;
  }

  private static List<HostAndPort> nodes(String hosts, Kind kind) {
    Set<HostAndPort> nodes = new LinkedHashSet<>();
    for (String host : hosts.split(",", -1)) {
      Matcher node = NODE.matcher(host);
      require(node.matches(), "expected hosts as host:port, separated by commas");
      nodes.add(
          new HostAndPort(
              bare(String.valueOf(node.group("host"))), port(node.group("port"), kind)));
    }
    return List.copyOf(nodes);
  }

  /** Sockets take an IPv6 address without its brackets. */
  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(@Nullable String text, Kind kind) {
    int port =
        text == null
            ? (kind == Kind.SENTINEL ? SENTINEL_PORT : REDIS_PORT)
            : Integer.parseInt(text);
    require(port >= 1 && port <= 65_535, "a port is 1 to 65535");
    return port;
  }

  private static int database(@Nullable String path) {
    return path == null || path.length() == 1 ? 0 : Integer.parseInt(path.substring(1));
  }

  private static @Nullable String decoded(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) { // its message repeats it
      throw new IllegalArgumentException("user and password must be percent-encoded");
    }
  }

  public Kind kind() {
    return kind;
  }

  public boolean tls() {
    return tls;
  }

  /** Of sentinels or cluster nodes, those to start from. */
  List<HostAndPort> nodes() {
    return nodes;
  }

  @Nullable String user() {
    return user;
  }

  @Nullable Secret password() {
    return password;
  }

  int database() {
    return database;
  }

  /** The name that sentinels know the master by. */
  String master() {
    return Objects.requireNonNull(master);
  }

  /** {@code host:port}, several separated by commas; fit for messages. */
  public String hosts() {
    return nodes.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RedisAddress that && parts().equals(that.parts());
  }

  @Override
  public int hashCode() {
    return parts().hashCode();
  }

  private List<@Nullable Object> parts() {
    List<@Nullable Object> parts = new ArrayList<>(List.of(kind, tls, nodes, database));
    parts.add(user);
    parts.add(password);
    parts.add(master);
    return parts;
  }

  /** As it was written, without user and password. */
  @Override
  public String toString() {
    String scheme = tls ? "rediss" : "redis";
    return switch (kind) {
      case SINGLE -> scheme + "://" + hosts();
      case SENTINEL -> scheme + "-sentinel://" + hosts() + "?master=" + master;
      case CLUSTER -> scheme + "-cluster://" + hosts();
    };
  }
}
