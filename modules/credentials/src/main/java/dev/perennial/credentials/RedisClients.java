package dev.perennial.credentials;

import dev.perennial.domain.Secret;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.providers.SentineledConnectionProvider;
import redis.clients.jedis.util.Pool;

/** Makes the client that an address needs. One server is not contacted by this, the others are. */
final class RedisClients {
  /** Sent once: what was on its way when a connection broke may have been done. */
  private static final int ATTEMPTS = 1;

  private RedisClients() {}

  /**
   * A client, and its pools to the masters as they are now.
   *
   * @param client for keys, wherever they are
   */
  record Connected(UnifiedJedis client, ConnectionProvider provider) implements AutoCloseable {

    /** By {@code host:port}; where there is but one server, under any name. */
    @SuppressWarnings("unchecked") // as each of the three providers has it
    Map<Object, Pool<Connection>> masters() {
      return (Map<Object, Pool<Connection>>) provider.getPrimaryNodesConnectionMap();
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /**
   * @throws redis.clients.jedis.exceptions.JedisException where no sentinel and no node answers
   */
  static Connected connect(RedisSettings settings) {
    return switch (settings.address().kind()) {
      case SINGLE -> single(settings);
      case SENTINEL -> sentinel(settings);
      case CLUSTER -> cluster(settings);
    };
  }

  private static Connected single(RedisSettings settings) {
    PooledConnectionProvider provider =
        new PooledConnectionProvider(
            settings.address().nodes().getFirst(), ours(settings), pool(settings));
    return new Connected(RedisClient.builder().connectionProvider(provider).build(), provider);
  }

  private static Connected sentinel(RedisSettings settings) {
    RedisAddress address = settings.address();
    Set<redis.clients.jedis.HostAndPort> sentinels = Set.copyOf(address.nodes());
    JedisClientConfig login =
        config(settings, settings.sentinels().user(), settings.sentinels().password()).build();
    SentineledConnectionProvider provider =
        new SentineledConnectionProvider(
            address.master(), ours(settings), pool(settings), sentinels, login);
    return new Connected(
        RedisSentinelClient.builder()
            .masterName(address.master())
            .sentinels(sentinels)
            .connectionProvider(provider)
            .build(),
        provider);
  }

  private static Connected cluster(RedisSettings settings) {
    Set<redis.clients.jedis.HostAndPort> nodes = Set.copyOf(settings.address().nodes());
    ClusterConnectionProvider provider =
        new ClusterConnectionProvider(nodes, ours(settings), pool(settings), settings.timeout());
    return new Connected(
        RedisClusterClient.builder()
            .nodes(nodes)
            .maxAttempts(ATTEMPTS)
            .connectionProvider(provider)
            .build(),
        provider);
  }

  private static JedisClientConfig ours(RedisSettings settings) {
    RedisAddress address = settings.address();
    return config(settings, address.user(), address.password())
        .database(address.database())
        .build();
  }

  private static DefaultJedisClientConfig.Builder config(
      RedisSettings settings, @Nullable String user, @Nullable Secret password) {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .timeoutMillis(Math.toIntExact(settings.timeout().toMillis()))
            .clientName("perennial");
    if (password != null) {
      config.user(user).password(password.reveal());
    }
    return settings.address().tls() ? tls(config, settings) : config;
  }

  /** Jedis's SslOptions would read stores anew for each connection, and no session would go on. */
  @SuppressWarnings("deprecation")
  private static DefaultJedisClientConfig.Builder tls(
      DefaultJedisClientConfig.Builder config, RedisSettings settings) {
    SSLParameters parameters = new SSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    config.ssl(true).sslParameters(parameters);
    return settings.tls() == null
        ? config
        : config.sslSocketFactory(settings.tls().getSocketFactory());
  }

  private static ConnectionPoolConfig pool(RedisSettings settings) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(settings.connections());
    pool.setMaxIdle(settings.connections());
    pool.setMaxWait(settings.timeout());
    return pool;
  }
}
