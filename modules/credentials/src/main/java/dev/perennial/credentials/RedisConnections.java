package dev.perennial.credentials;

import dev.perennial.credentials.RedisClients.Connected;
import dev.perennial.domain.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.util.Pool;

/**
 * Connections to Redis: one server, a master that sentinels watch, or a cluster. Thread-safe;
 * callers beyond a pool's size wait for a connection. Made without contact.
 *
 * <p>What Redis cannot do now is an {@link UnavailableException} that names where it is; what it
 * will never do is the programming error that it is. Nothing is sent twice, but for what a node of
 * a cluster has refused since the key lives elsewhere (MOVED). A key whose slot is just being moved
 * (ASK, TRYAGAIN) is unavailable until that is over.
 */
public final class RedisConnections implements AutoCloseable {
  /**
   * Errors of our own making; whatever else Redis answers, it may be well again (NOREPLICAS,
   * NOAUTH, CLUSTERDOWN, READONLY, LOADING).
   */
  private static final List<String> OURS =
      List.of(
          "WRONGTYPE", "ERR user_script", "ERR Error compiling script", "ERR Error running script");

  /** A node that does not know better itself sends on once; during a failover perhaps twice. */
  private static final int REDIRECTIONS = 3;

  private final RedisSettings settings;
  private final RedisListener listener;
  private final LongSupplier nanoTime;
  private final ReentrantLock connecting = new ReentrantLock();
  private final Map<Integer, StepLine> lines = new ConcurrentHashMap<>();
  private volatile @Nullable Connected connected;

  public RedisConnections(RedisSettings settings) {
    this(settings, RedisListener.NONE, () -> 0);
  }

  /**
   * @param nanoTime as {@link System#nanoTime}, for what the listener is told
   */
  public RedisConnections(RedisSettings settings, RedisListener listener, LongSupplier nanoTime) {
    this.settings = settings;
    this.listener = listener;
    this.nanoTime = nanoTime;
  }

  /** Whether Redis answers now; of a cluster, whether one of its masters does. */
  public boolean answers() {
    try {
      return masters().values().stream().anyMatch(RedisConnections::answers);
    } catch (UnavailableException e) {
      return false;
    }
  }

  private static boolean answers(Pool<Connection> master) {
    try (Connection connection = master.getResource()) {
      return connection.ping();
    } catch (JedisException e) {
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
    long began = nanoTime.getAsLong();
    boolean answered = false;
    try {
      T answer = call.get();
      answered = true;
      return answer;
    } finally {
      listener.called(script.lower(), nanoTime.getAsLong() - began, answered);
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

  /** Runs a step, together with others that are on their way. */
  Reply run(Step step) {
    int line = cluster() ? step.shard() : 0; // a node that is away must not hold up the others
    return heard(
        step.script(),
        () ->
            lines
                .computeIfAbsent(line, _ -> new StepLine(settings.timeout(), this::send))
                .run(step));
  }

  /** The answers to all of them in their order. */
  List<Reply> runAll(Script script, List<Step> steps) {
    return heard(
        script,
        () -> {
          send(steps);
          return steps.stream().map(Step::answer).toList();
        });
  }

  private boolean cluster() {
    return settings.address().kind() == RedisAddress.Kind.CLUSTER;
  }

  private void send(List<Step> steps) {
    List<StepBatch> batches = StepBatch.of(steps);
    try {
      if (cluster() || batches.size() == 1) {
        batches.forEach(this::alone);
      } else {
        together(batches);
      }
    } catch (RuntimeException e) {
      steps.forEach(step -> step.failed(e));
    }
  }

  private void alone(StepBatch batch) {
    try {
      batch.answered(ran(batch.script(), batch.keys(), batch.args()), this::fault);
    } catch (RuntimeException e) {
      batch.failed(e);
    }
  }

  private void together(List<StepBatch> batches) {
    List<Response<Object>> answers = call(redis -> sent(redis, batches));
    for (int i = 0; i < answers.size(); i++) {
      settle(batches.get(i), answers.get(i));
    }
  }

  private static List<Response<Object>> sent(UnifiedJedis redis, List<StepBatch> batches) {
    List<Response<Object>> answers = new ArrayList<>();
    try (AbstractPipeline pipeline = redis.pipelined()) {
      batches.forEach(
          it -> answers.add(pipeline.evalsha(it.script().sha1(), it.keys(), it.args())));
      pipeline.sync();
    }
    return answers;
  }

  /** Redis may not have known the script: then it did nothing. */
  private void settle(StepBatch batch, Response<Object> answer) {
    try {
      batch.answered(new Reply((List<?>) answer.get()), this::fault);
    } catch (JedisNoScriptException e) {
      alone(batch);
    } catch (JedisDataException e) {
      batch.failed(fault(e));
    }
  }

  /** Does something with keys, wherever they are. */
  <T> T call(Function<UnifiedJedis, T> command) {
    return guarded(() -> {
      UnifiedJedis client = connected().client();
      for (int redirections = 0; ; redirections++) {
        try {
          return command.apply(client);
        } catch (JedisException e) {
          if (!moved(e) || redirections == REDIRECTIONS) {
            throw e;
          }
        }
      }
    });
  }

  /** Does something on each master, by {@code host:port}; there is one but in a cluster. */
  <T> Map<String, T> onEachMaster(Function<Jedis, T> command) {
    Map<String, T> results = new TreeMap<>();
    masters().forEach((name, pool) -> results.put(name, guarded(() -> on(pool, command))));
    return results;
  }

  /** Does something on one master. */
  <T> T on(String master, Function<Jedis, T> command) {
    Pool<Connection> pool = masters().get(master);
    if (pool == null) {
      throw new UnavailableException(settings + " has no master at " + master + " any more");
    }
    return guarded(() -> on(pool, command));
  }

  private static <T> T on(Pool<Connection> pool, Function<Jedis, T> command) {
    try (Connection connection = pool.getResource()) {
      return command.apply(new Jedis(connection));
    }
  }

  /** The masters, ordered by {@code host:port}; of a cluster as it was last seen. */
  SortedMap<String, Pool<Connection>> masters() {
    SortedMap<String, Pool<Connection>> masters = new TreeMap<>();
    connected()
        .masters()
        .forEach((name, pool) ->
            masters.put(cluster() ? name.toString() : settings.address().hosts(), pool));
    return masters;
  }

  private Connected connected() {
    Connected now = connected;
    return now == null ? connect() : now;
  }

  /** By one caller at a time: it may take as long as every host's timeout together. */
  private Connected connect() {
    if (!locked()) {
      throw new UnavailableException(settings + " does not answer: still connecting");
    }
    try {
      Connected now = connected;
      if (now == null) {
        now = guarded(() -> RedisClients.connect(settings));
        connected = now;
      }
      return now;
    } finally {
      connecting.unlock();
    }
  }

  private boolean locked() {
    try {
      return connecting.tryLock(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private <T> T guarded(Supplier<T> command) {
    try {
      return command.get();
    } catch (JedisException e) {
      throw fault(e);
    }
  }

  private RuntimeException fault(JedisException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof JedisDataException && OURS.stream().anyMatch(message::startsWith)) {
      return e;
    }
    String over =
        reasons(e).map(it -> String.valueOf(it.getMessage())).collect(Collectors.joining("; "));
    return new UnavailableException(settings + " does not answer: " + over, e);
  }

  private static boolean moved(JedisException e) {
    return reasons(e).anyMatch(JedisMovedDataException.class::isInstance);
  }

  /** Jedis names as the cause what it gave up over. */
  private static Stream<Throwable> reasons(JedisException e) {
    return Stream.concat(Stream.of(e), Stream.ofNullable(e.getCause()));
  }

  @Override
  public void close() {
    connecting.lock();
    try {
      Connected now = connected;
      if (now != null) {
        now.close();
      }
    } finally {
      connecting.unlock();
    }
  }
}
