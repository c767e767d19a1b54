package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/** What no topic knows of a connection: an attempt that has not ended. Thread-safe. */
public final class RedisAttempts {
  private final RedisConnections redis;
  private final Keys keys;

  public RedisAttempts(RedisConnections redis, Shards shards) {
    this.redis = redis;
    this.keys = new Keys(redis.settings().prefix(), shards);
  }

  /**
   * Those of these connections whose attempt is open, of unknown outcome, or ended in a body that
   * nobody could read: only this Redis knows what may be sent next for them.
   *
   * @param some a page of them; all are asked for at once
   * @throws dev.perennial.domain.UnavailableException where Redis does not answer
   */
  public List<ConnectionKey> unsettled(List<ConnectionKey> some) {
    return redis.call(client -> {
      List<Response<List<String>>> answers = new ArrayList<>();
      try (AbstractPipeline pipeline = client.pipelined()) {
        some.forEach(
            key -> answers.add(pipeline.hmget(keys.connection(key), "attempt", "unreadable")));
        pipeline.sync();
      }
      List<ConnectionKey> unsettled = new ArrayList<>();
      for (int i = 0; i < some.size(); i++) {
        if (answers.get(i).get().stream().anyMatch(Objects::nonNull)) {
          unsettled.add(some.get(i));
        }
      }
      return unsettled;
    });
  }
}
