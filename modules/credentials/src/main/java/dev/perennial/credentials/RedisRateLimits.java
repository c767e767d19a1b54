package dev.perennial.credentials;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Shards;
import dev.perennial.domain.definition.RateLimit;
import dev.perennial.domain.refresh.RateLimits;
import java.time.Duration;

/**
 * Rate limits in Redis, on its clock: a sliding window, so that a limit holds for every window and
 * not on average. A request reaches its provider later than it was permitted, each by a time of its
 * own, so the window is longer here ({@link RateLimit#underWay}). Not fenced: what is lost with
 * Redis is a count, and the provider answers for itself. Thread-safe.
 */
public final class RedisRateLimits implements RateLimits {
  private final RedisConnections redis;
  private final Keys keys;

  public RedisRateLimits(RedisConnections redis, Shards shards) {
    this.redis = redis;
    this.keys = new Keys(redis.settings().prefix(), shards);
  }

  @Override
  public Duration take(ConnectionKey key, RateLimit limit, String permit) {
    Reply reply =
        redis.run(
            Script.LIMIT,
            Arguments.keys(limit.perConnection() ? keys.limit(key) : keys.limit(key.integration())),
            new Arguments()
                .number(limit.requests())
                .millis(limit.window().plus(limit.underWay()))
                .text(permit)
                .list());
    return switch (reply.verdict()) {
      case "taken" -> Duration.ZERO;
      case "wait" -> Duration.ofMillis(Math.max(1, reply.number(1)));
      default -> throw ConnectionScripts.unknown(Script.LIMIT, reply);
    };
  }
}
