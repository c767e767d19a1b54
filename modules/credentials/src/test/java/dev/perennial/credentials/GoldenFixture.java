package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;

import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.ConnectSessions.ConnectSession;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.definition.RateLimit;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** A store with everything beside it that a release may have left something in. */
abstract class GoldenFixture extends StoreFixture {
  static final Duration LONG = Duration.ofDays(36_500);
  static final Secret STATE = Secret.of("golden-state");
  static final Secret SESSION = Secret.of("golden-session");
  static final ConnectSession WHAT =
      new ConnectSession(
          KEY, "https://app.test/back", Map.of("SHOP", "one"), List.of("more", "mail"));
  static final PendingAuthorization PENDING =
      new PendingAuthorization(
          KEY, "auth-1", Secret.of("browser"), Secret.of("verifier"), null, null, Preparation.NONE);
  static final RateLimit ONE = new RateLimit(1, Duration.ofDays(3_650), true);
  static final RateLimit ONE_OF_ALL = new RateLimit(1, Duration.ofDays(3_650), false);

  RedisPendingAuthorizations pending;
  RedisConnectSessions sessions;
  RedisRateLimits limits;
  GoldenRedis golden;

  @BeforeEach
  void connectAll(RedisConnections redis) {
    SealedPayloads payloads = new SealedPayloads(new Unsealed());
    pending = new RedisPendingAuthorizations(redis, SHARDS, payloads);
    sessions = new RedisConnectSessions(redis, SHARDS, payloads);
    limits = new RedisRateLimits(redis, SHARDS);
    golden = new GoldenRedis(redis, attend().run());
  }

  CredentialState said() {
    CredentialState state = connected();
    published(state);
    return state;
  }

  CredentialState current() {
    return store.find(KEY).orElseThrow();
  }

  void overCode(String authorization) {
    String record = shardHash().replace(":shard", ":code:" + authorization);
    redis.call(client -> client.hset(record, "lease_until", "1"));
  }

  static Attempt attemptA(int stage) {
    return new Attempt("a", stage, GRANT, 1, sealed("first"), 0, Instant.EPOCH, false);
  }
}
