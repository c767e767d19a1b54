package dev.perennial.credentials;

import dev.perennial.domain.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * A pool of connections to one Redis. Thread-safe; callers beyond the pool's size wait for a
 * connection. What Redis cannot do now is an {@link UnavailableException} that names host and port;
 * what it will never do is the programming error that it is.
 */
public final class RedisConnections implements AutoCloseable {
  /**
   * Errors of our own making; whatever else Redis answers, it may be well again (NOREPLICAS,
   * NOAUTH).
   */
  private static final List<String> OURS =
      List.of(
          "WRONGTYPE", "ERR user_script", "ERR Error compiling script", "ERR Error running script");

  private final RedisSettings settings;
  private final RedisListener listener;
  private final RedisClient client;

  public RedisConnections(RedisSettings settings) {
    this(settings, RedisListener.NONE);
  }

  public RedisConnections(RedisSettings settings, RedisListener listener) {
    this.settings = settings;
    this.listener = listener;
    this.client = client(settings);
  }

  /** Whether Redis answers now. */
  public boolean answers() {
    try {
      return "PONG".equals(call(RedisClient::ping));
    } catch (UnavailableException e) {
      return false;
    }
  }

  RedisSettings settings() {
    return settings;
  }

  /** Runs a script by its hash, sending its text only where Redis does not know it yet. */
  Reply run(Script script, List<byte[]> keys, List<byte[]> args) {
    return heard(script, () -> ran(script, keys, args));
  }

  private <T> T heard(Script script, Supplier<T> call) {
    long began = System.nanoTime();
    boolean answered = false;
    try {
      T answer = call.get();
      answered = true;
      return answer;
    } finally {
      listener.called(script.lower(), System.nanoTime() - began, answered);
    }
  }

  private Reply ran(Script script, List<byte[]> keys, List<byte[]> args) {
    return new Reply(
        call(redis -> {
          try {
            return (List<?>) redis.evalsha(script.sha1(), keys, args);
          } catch (JedisNoScriptException e) {
            return (List<?>) redis.eval(script.text(), keys, args);
          }
        }));
  }

  /** What one run of a script is given. */
  record Call(List<byte[]> keys, List<byte[]> args) {}

  /** The answers to all of them in their order, after one round trip. */
  List<Reply> runAll(Script script, List<Call> calls) {
    return heard(script, () -> allRan(script, calls));
  }

  private List<Reply> allRan(Script script, List<Call> calls) {
    return call(redis -> {
      List<Response<Object>> answers = new ArrayList<>();
      try (AbstractPipeline pipeline = redis.pipelined()) {
        calls.forEach(it -> answers.add(pipeline.evalsha(script.sha1(), it.keys(), it.args())));
        pipeline.sync();
      }
      List<Reply> replies = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        replies.add(reply(redis, script, calls.get(i), answers.get(i)));
      }
      return replies;
    });
  }

  /** Redis may not have known the script. */
  private static Reply reply(RedisClient redis, Script script, Call call, Response<Object> answer) {
    try {
      return new Reply((List<?>) answer.get());
    } catch (JedisNoScriptException e) {
      return new Reply((List<?>) redis.eval(script.text(), call.keys(), call.args()));
    }
  }

  <T> T call(Function<RedisClient, T> command) {
    try {
      return command.apply(client);
    } catch (JedisConnectionException e) {
      throw unavailable(e);
    } catch (JedisDataException e) {
      String message = String.valueOf(e.getMessage());
      if (OURS.stream().anyMatch(message::startsWith)) {
        throw e;
      }
      throw unavailable(e);
    } catch (JedisException e) { // an exhausted pool
      throw unavailable(e);
    }
  }

  private UnavailableException unavailable(JedisException e) {
    return new UnavailableException(settings + " does not answer: " + e.getMessage(), e);
  }

  private static RedisClient client(RedisSettings settings) {
    int millis = Math.toIntExact(settings.timeout().toMillis());
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder().timeoutMillis(millis).clientName("perennial");
    if (JedisURIHelper.isRedisSSLScheme(settings.uri())) {
      config.sslOptions(SslOptions.defaults());
    }
    if (JedisURIHelper.getPassword(settings.uri()) != null) {
      config
          .user(JedisURIHelper.getUser(settings.uri()))
          .password(JedisURIHelper.getPassword(settings.uri()));
    }
    if (JedisURIHelper.hasDbIndex(settings.uri())) {
      config.database(JedisURIHelper.getDBIndex(settings.uri()));
    }
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(settings.connections());
    pool.setMaxIdle(settings.connections());
    pool.setMaxWait(settings.timeout());
    return RedisClient.builder()
        .hostAndPort(JedisURIHelper.getHostAndPort(settings.uri()))
        .clientConfig(config.build())
        .poolConfig(pool)
        .build();
  }

  @Override
  public void close() {
    client.close();
  }
}
