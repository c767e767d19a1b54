package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.Shards;
import dev.perennial.domain.authorization.ConnectSessions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import redis.clients.jedis.params.SetParams;

/** Connect sessions in Redis, under their hash. Thread-safe. */
public final class RedisConnectSessions implements ConnectSessions {
  private final RedisConnections redis;
  private final Keys keys;

  public RedisConnectSessions(RedisConnections redis, Shards shards) {
    this.redis = redis;
    this.keys = new Keys(redis.settings().prefix(), shards);
  }

  /** Stored as the connection key, then a line feed and the return URL where there is one. */
  @Override
  public void add(Secret session, ConnectSession what, Duration valid) {
    String value = what.key() + (what.returnTo() == null ? "" : "\n" + what.returnTo());
    var _ =
        redis.call(client ->
            client.set(keys.session(session), value, SetParams.setParams().px(valid.toMillis())));
  }

  @Override
  public Optional<ConnectSession> redeem(Secret session) {
    String value =
        Objects.requireNonNullElse(redis.call(client -> client.getDel(keys.session(session))), "");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    int end = value.indexOf('\n');
    return Optional.of(
        end < 0
            ? new ConnectSession(ConnectionKey.parse(value), null)
            : new ConnectSession(
                ConnectionKey.parse(value.substring(0, end)), value.substring(end + 1)));
  }
}
