package dev.perennial.client;

/**
 * Hears what happens to connections. All methods are called on one thread of their own, in the
 * order of each connection; the view never waits for it, so a listener may block, call {@link
 * Credentials} and be slow. What it has not heard yet is kept in memory. What it throws is logged,
 * and the next event follows.
 *
 * <p>What is already so when following begins is not announced, unless asked for with {@code
 * replay(true)}. A version that was overtaken before it was read, by a later one or by compaction
 * of the topic, is not announced either: listen in order to react, and ask {@link Credentials} how
 * things stand.
 */
public interface CredentialsListener {

  /** There is a credential from a new consent or an import: a new connection, or a new grant. */
  default void connected(ConnectionState state) {}

  /** There is a new token. */
  default void refreshed(ConnectionState state) {}

  /** A refresh failed, the first of a row, and others will follow. Over Kafka only. */
  default void refreshFailed(ConnectionState state) {}

  /** Only a new consent helps from now on. */
  default void reauthorizationRequired(ConnectionState state) {}

  /** What renews the token, or a permanent token, ends before long. Over Kafka only. */
  default void expiring(ConnectionState state) {}

  /** The token is past its end and nothing can renew it. */
  default void expired(ConnectionState state) {}

  /** The connection was deleted. */
  default void deleted(ConnectionState state) {}
}
