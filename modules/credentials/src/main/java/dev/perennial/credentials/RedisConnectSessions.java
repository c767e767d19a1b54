package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Secret;
import dev.perennial.domain.Shards;
import dev.perennial.domain.authorization.ConnectSessions;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import redis.clients.jedis.params.SetParams;

/** Connect sessions in Redis, under their hash. Thread-safe. */
public final class RedisConnectSessions implements ConnectSessions {
  /** Longer than any session is good. */
  private static final Duration USED = Duration.ofDays(8);

  private final RedisConnections redis;
  private final Keys keys;
  private final SealedPayloads payloads;

  public RedisConnectSessions(RedisConnections redis, Shards shards, SealedPayloads payloads) {
    this.redis = redis;
    this.payloads = payloads;
    this.keys = new Keys(redis.settings().prefix(), shards);
  }

  /** Stored as the connection key, a line feed, and the rest sealed and in base64. */
  @Override
  public void add(Secret session, ConnectSession what, Duration valid) {
    byte[] sealed = payloads.seal(what).bytes();
    String value = what.key() + "\n" + Base64.getEncoder().encodeToString(sealed);
    var _ =
        redis.call(client ->
            client.set(keys.session(session), value, SetParams.setParams().px(valid.toMillis())));
  }

  @Override
  public Optional<ConnectSession> find(Secret session) {
    String value =
        Objects.requireNonNullElse(redis.call(client -> client.get(keys.session(session))), "");
    if (value.isEmpty() || redis.call(client -> client.exists(keys.usedSession(session)))) {
      return Optional.empty();
    }
    int end = value.indexOf('\n');
    ConnectionKey key = ConnectionKey.parse(value.substring(0, end));
    Sealed sealed = Sealed.of(Base64.getDecoder().decode(value.substring(end + 1)));
    return Optional.of(payloads.openSession(key, sealed));
  }

  @Override
  public boolean redeem(Secret session, String authorization) {
    String first =
        redis.call(client ->
            client.setGet(
                keys.usedSession(session),
                authorization,
                SetParams.setParams().nx().px(USED.toMillis())));
    return first == null || first.equals(authorization);
  }
}
