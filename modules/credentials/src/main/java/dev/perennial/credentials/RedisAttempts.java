package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import java.util.List;
import java.util.Objects;

/** What no topic knows of a connection: an attempt that has not ended. Thread-safe. */
public final class RedisAttempts {
  private final RedisConnections redis;
  private final Keys keys;

  public RedisAttempts(RedisConnections redis, Shards shards) {
    this.redis = redis;
    this.keys = new Keys(redis.settings().prefix(), shards);
  }

  /**
   * Whether an attempt is open, of unknown outcome, or ended in a body that nobody could read: then
   * only this Redis knows what may be sent next.
   *
   * @throws dev.perennial.domain.UnavailableException where Redis does not answer
   */
  public boolean unsettled(ConnectionKey key) {
    List<String> fields =
        redis.call(client -> client.hmget(keys.connection(key), "attempt", "unreadable"));
    return fields.stream().anyMatch(Objects::nonNull);
  }
}
