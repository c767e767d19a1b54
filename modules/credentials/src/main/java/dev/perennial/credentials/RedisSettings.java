package dev.perennial.credentials;

import java.net.URI;
import java.time.Duration;

/**
 * How to reach Redis.
 *
 * @param uri {@code redis://} or {@code rediss://}, with user, password and database if any
 * @param prefix what every key starts with
 * @param connections in the pool at most, 1 to 1000
 * @param timeout for connecting, for one answer, and for a free connection
 */
public record RedisSettings(URI uri, String prefix, int connections, Duration timeout) {

  /** A pool of 64 connections, 2 s timeouts. */
  public static RedisSettings of(URI uri, String prefix) {
    return new RedisSettings(uri, prefix, 64, Duration.ofSeconds(2));
  }

  /** Host and port; the URI may hold a password. */
  String where() {
    return uri.getHost() + ":" + (uri.getPort() < 0 ? 6379 : uri.getPort());
  }

  @Override
  public String toString() {
    return "Redis at " + where();
  }
}
