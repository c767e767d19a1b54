package dev.perennial.credentials;

import dev.perennial.domain.Secret;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Redis.
 *
 * @param sentinels who we are to the sentinels
 * @param tls whom we believe and what we show where the address says TLS; null = the JVM's own
 * @param prefix what every key starts with
 * @param connections in the pool at most, 1 to 1000; of a cluster, to each node
 * @param timeout for connecting, for one answer, and for a free connection
 */
public record RedisSettings(
    RedisAddress address,
    SentinelLogin sentinels,
    @Nullable SSLContext tls,
    String prefix,
    int connections,
    Duration timeout) {

  /** User and password of the sentinels themselves, where they have any. */
  public record SentinelLogin(@Nullable String user, @Nullable Secret password) {
    public static final SentinelLogin NONE = new SentinelLogin(null, null);
  }

  /** A pool of 64 connections, 2 s timeouts. */
  public static RedisSettings of(RedisAddress address, String prefix) {
    return new RedisSettings(address, SentinelLogin.NONE, null, prefix, 64, Duration.ofSeconds(2));
  }

  /** The same, of an address in {@link RedisAddress}'s form. */
  public static RedisSettings of(URI uri, String prefix) {
    return of(RedisAddress.parse(uri.toString()), prefix);
  }

  public RedisSettings withSentinels(SentinelLogin login) {
    return new RedisSettings(address, login, tls, prefix, connections, timeout);
  }

  public RedisSettings withTls(@Nullable SSLContext context) {
    return new RedisSettings(address, sentinels, context, prefix, connections, timeout);
  }

  /** What it is and where; no secret. */
  @Override
  public String toString() {
    return switch (address.kind()) {
      case SINGLE -> "Redis at " + address.hosts();
      case SENTINEL -> "Redis " + address.master() + " behind the sentinels at " + address.hosts();
      case CLUSTER -> "the Redis Cluster at " + address.hosts();
    };
  }
}
