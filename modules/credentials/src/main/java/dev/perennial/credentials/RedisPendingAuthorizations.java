package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.Shards;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.PendingAuthorizations;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;

/** Consents that were asked for, in Redis: sealed, under the hash of their state. Thread-safe. */
public final class RedisPendingAuthorizations implements PendingAuthorizations {
  /** How long a state stays known after its end, so that "too old" can be told from "never". */
  private static final Duration KNOWN = Duration.ofHours(1);

  private final RedisConnections redis;
  private final Keys keys;
  private final ConnectionScripts scripts;
  private final SealedPayloads payloads;

  public RedisPendingAuthorizations(
      RedisConnections redis, Shards shards, SealedPayloads payloads) {
    this.redis = redis;
    this.keys = new Keys(redis.settings().prefix(), shards);
    this.scripts = new ConnectionScripts(redis, keys);
    this.payloads = payloads;
  }

  @Override
  public void add(Secret state, PendingAuthorization pending, Duration valid) {
    redis.run(
        Script.REMEMBER,
        Arguments.keys(keys.state(state)),
        new Arguments()
            .text(pending.key().toString())
            .text(pending.id())
            .sealed(payloads.seal(pending))
            .millis(valid)
            .millis(valid.plus(KNOWN))
            .list());
  }

  @Override
  public Hold hold(Secret state, String holder, Duration most) {
    Reply reply =
        redis.run(
            Script.HOLD,
            Arguments.keys(keys.state(state)),
            new Arguments().text(holder).millis(most).list());
    return switch (reply.verdict()) {
      case "held" ->
          new Hold.Held(payloads.openPending(ConnectionKey.parse(reply.text(1)), reply.sealed(2)));
      case "busy" -> new Hold.Busy();
      case "spent" -> new Hold.Spent(ConnectionKey.parse(reply.text(1)), reply.text(2));
      case "expired" -> new Hold.Expired(ConnectionKey.parse(reply.text(1)));
      case "unknown" -> new Hold.Unknown();
      default -> throw ConnectionScripts.unknown(Script.HOLD, reply);
    };
  }

  @Override
  public void release(Secret state, String holder) {
    letGo(state, holder, false);
  }

  @Override
  public void spend(Secret state, String holder) {
    letGo(state, holder, true);
  }

  private void letGo(Secret state, String holder, boolean spend) {
    redis.run(
        Script.LET_GO,
        Arguments.keys(keys.state(state)),
        new Arguments().text(holder).flag(spend).list());
  }

  @Override
  public Grant nextGrant(ConnectionKey key) {
    Reply reply = scripts.run(Script.GRANT, key, scripts.arguments(key));
    return new Grant(reply.number(0), reply.text(1));
  }
}
