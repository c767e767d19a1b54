package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.CodeRecords.CodeBegin;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.authorization.ConnectSessions.ConnectSession;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.PendingAuthorizations.Hold;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.authorization.SessionId;
import dev.perennial.domain.authorization.SessionStatus;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Begin.Attempt;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.Failure.Kind;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.RateLimit;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.event.SealedPayloads;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an earlier release left in Redis is gone on with by this one: a rolling upgrade, and a
 * rollback. The files were written by the releases themselves ({@code -Dperennial.golden.record}
 * writes those that are not there) and are never edited; a change of the format brings new ones.
 */
class GoldenRedisTest extends StoreFixture {
  private static final Duration LONG = Duration.ofDays(36_500);
  private static final Secret STATE = Secret.of("golden-state");
  private static final Secret SESSION = Secret.of("golden-session");
  private static final ConnectSession WHAT =
      new ConnectSession(
          KEY, "https://app.test/back", Map.of("SHOP", "one"), List.of("more", "mail"));
  private static final PendingAuthorization PENDING =
      new PendingAuthorization(
          KEY, "auth-1", Secret.of("browser"), Secret.of("verifier"), null, null, Preparation.NONE);
  private static final RateLimit ONE = new RateLimit(1, Duration.ofDays(3_650), true);
  private static final RateLimit ONE_OF_ALL = new RateLimit(1, Duration.ofDays(3_650), false);

  private RedisPendingAuthorizations pending;
  private RedisConnectSessions sessions;
  private RedisRateLimits limits;
  private GoldenRedis golden;

  /** One for each state in which a release may leave something. */
  enum Left {
    ACTIVE {
      @Override
      void leave(GoldenRedisTest at) {
        at.published(at.put("first", GRANT, Duration.ofMillis(1))); // due at once
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.current().status()).isEqualTo(Status.ACTIVE);
        assertThat(at.claim()).hasSize(1);
        assertThat(at.commit(begun(at.begin(1, "b")), "second").tokenGen()).isEqualTo(2);
      }
    },
    UNPUBLISHED {
      @Override
      void leave(GoldenRedisTest at) {
        at.connected();
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.outbox()).containsExactly(at.current());
        at.published(at.current());
        assertThat(at.outbox()).isEmpty();
      }
    },
    ATTEMPT_OPEN {
      @Override
      void leave(GoldenRedisTest at) {
        at.said();
        at.begin(1, "a");
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.field("attempt_state")).isEqualTo("open");
        assertThat(at.commit(attemptA(0), "late").tokenGen()).isEqualTo(2);
        assertThat(at.field("attempt")).isNull();
      }
    },
    ATTEMPT_UNKNOWN {
      @Override
      void leave(GoldenRedisTest at) {
        at.said();
        at.begin(1, "a");
        at.leaseOverSince(Duration.ofSeconds(1));
        assertThat(at.begin(1, "b")).isInstanceOf(Begin.Unknown.class);
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.field("attempt_state")).isEqualTo("unknown");
        at.field("expires_at", Instant.now().toEpochMilli());
        at.leaseOverSince(Duration.ofHours(1));
        assertThat(begun(at.begin(1, "c")).probe()).isTrue();
      }
    },
    STAGED {
      @Override
      void leave(GoldenRedisTest at) {
        at.said();
        at.store.commit(KEY, begun(at.begin(1, "a")), false, tokens("half"));
        at.leaseOverSince(Duration.ofSeconds(1));
      }

      @Override
      void goOn(GoldenRedisTest at) {
        Attempt attempt = begun(at.begin(1, "b"));
        assertThat(attempt.stage()).isEqualTo(1);
        assertThat(attempt.sealed()).isEqualTo(sealed("half"));
        assertThat(attempt.id()).isEqualTo("a");
      }
    },
    REFRESH_FAILING {
      @Override
      void leave(GoldenRedisTest at) {
        at.said();
        at.failed(begun(at.begin(1, "a")), Kind.UNAVAILABLE).ifPresent(at::published);
      }

      @Override
      void goOn(GoldenRedisTest at) {
        CredentialState state = at.current();
        assertThat(state.status()).isEqualTo(Status.REFRESH_FAILING);
        assertThat(state.reason()).isEqualTo(new Reason("unavailable", "because"));
        assertThat(begun(at.begin(state.version(), "b")).failures()).isEqualTo(1);
      }
    },
    REAUTHORIZATION_REQUIRED {
      @Override
      void leave(GoldenRedisTest at) {
        at.said();
        at.failed(begun(at.begin(1, "a")), Kind.REFUSED).ifPresent(at::published);
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.current().status()).isEqualTo(Status.REAUTHORIZATION_REQUIRED);
        assertThat(at.begin(2, "b")).isInstanceOf(Begin.Stale.class);
        assertThat(at.put("again", GRANT + 1, Duration.ofHours(1)).version()).isEqualTo(3);
      }
    },
    UNREADABLE {
      @Override
      void leave(GoldenRedisTest at) {
        at.said();
        Failure failure =
            new Failure(
                Kind.UNREADABLE, Reason.of(Reason.UNREADABLE_ANSWER), NO_WAIT, sealed("body"));
        at.store.fail(KEY, begun(at.begin(1, "a")), failure).ifPresent(at::published);
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.field("unreadable")).isEqualTo("body");
        assertThat(at.begin(2, "b")).isInstanceOf(Begin.Stale.class);
        assertThat(at.put("again", GRANT + 1, Duration.ofHours(1)).status())
            .isEqualTo(Status.ACTIVE);
      }
    },
    EXPIRED {
      @Override
      void leave(GoldenRedisTest at) {
        at.put("first", GRANT, Duration.ofMillis(-1));
        at.published(at.current());
        at.store.expire(KEY, GRANT, 1).ifPresent(at::published);
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.current().status()).isEqualTo(Status.EXPIRED);
        assertThat(at.put("again", GRANT + 1, Duration.ofHours(1)).version()).isEqualTo(3);
      }
    },
    DELETED {
      @Override
      void leave(GoldenRedisTest at) {
        at.said();
        at.store.delete(KEY, GRANT + 1).ifPresent(at::published);
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.begin(2, "a")).isInstanceOf(Begin.Deleted.class);
        assertThat(at.put("again", GRANT + 2, Duration.ofHours(1)).version()).isEqualTo(3);
      }
    },
    WARNED {
      @Override
      void leave(GoldenRedisTest at) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        IssuedTokens plain = tokens("first");
        at.store.put(
            KEY,
            now.minus(Duration.ofDays(90)).toEpochMilli() * 1_000,
            "auth",
            new IssuedTokens(
                plain.sealed(),
                plain.issuedAt(),
                plain.expiresAt(),
                plain.dueAt(),
                plain.tokenType(),
                plain.scope(),
                new GrantEnd(now.plus(Duration.ofDays(10)), false)));
        at.published(at.current());
        at.shards.warn(SHARD, 10, List.of(Duration.ofDays(14))).warned().forEach(at::published);
      }

      @Override
      void goOn(GoldenRedisTest at) {
        CredentialState state = at.current();
        assertThat(state.change()).isEqualTo(Change.EXPIRING);
        assertThat(state.warned()).isEqualTo(Duration.ofDays(14));
        assertThat(at.begin(state.version() - 1, "a")).isInstanceOf(Begin.Begun.class);
      }
    },
    CODE_BEGUN {
      @Override
      void leave(GoldenRedisTest at) {
        at.codes.begin(at.code("auth-1"), "a");
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.codes.begin(at.code("auth-1"), "b")).isInstanceOf(CodeBegin.InFlight.class);
        assertThat(at.codes.vanished(SHARD, Instant.now().plus(LONG))).hasSize(1);
        at.put("first", GRANT, Duration.ofHours(1)); // of another authorization
        assertThat(at.codes.vanished(SHARD, Instant.now().plus(LONG))).hasSize(1);
      }
    },
    CODE_STAGED {
      @Override
      void leave(GoldenRedisTest at) {
        CodeReceived code = at.code("auth-1");
        at.codes.begin(code, "a");
        at.codes.advance(KEY, "auth-1", "a", 1, sealed("half"));
        at.overCode("auth-1");
      }

      @Override
      void goOn(GoldenRedisTest at) {
        CodeBegin.Begun begun = (CodeBegin.Begun) at.codes.begin(at.code("auth-1"), "b");
        assertThat(begun.stage()).isEqualTo(1);
        assertThat(begun.staged()).isEqualTo(sealed("half"));
      }
    },
    CODE_FAILED {
      @Override
      void leave(GoldenRedisTest at) {
        at.codes.begin(at.code("auth-1"), "a");
        at.codes.fail(KEY, "auth-1", new Reason(Reason.REFUSED, "because"));
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.codes.progress(KEY, "auth-1"))
            .isEqualTo(new Progress.Failed(new Reason(Reason.REFUSED, "because")));
        assertThat(at.codes.begin(at.code("auth-1"), "b")).isInstanceOf(CodeBegin.Failed.class);
      }
    },
    PENDING_CONSENT {
      @Override
      void leave(GoldenRedisTest at) {
        at.pending.add(STATE, PENDING, LONG);
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.pending.hold(STATE, "one", NO_WAIT)).isEqualTo(new Hold.Held(PENDING));
        at.pending.spend(STATE, "one");
        assertThat(at.pending.hold(STATE, "two", NO_WAIT)).isInstanceOf(Hold.Spent.class);
      }
    },
    CONNECT_SESSION {
      @Override
      void leave(GoldenRedisTest at) {
        at.sessions.add(SESSION, WHAT, Instant.EPOCH, LONG);
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.sessions.find(SESSION)).contains(WHAT);
        assertThat(at.sessions.redeem(SESSION, "one")).isTrue();
        assertThat(at.sessions.find(SESSION)).isEmpty();
      }
    },
    CONNECT_SESSION_USED {
      @Override
      void leave(GoldenRedisTest at) {
        at.sessions.add(SESSION, WHAT, Instant.EPOCH, LONG);
        at.sessions.begun(SESSION, "one", Instant.EPOCH.plus(LONG));
        at.sessions.redeem(SESSION, "one");
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.sessions.redeem(SESSION, "two")).isFalse();
        assertThat(at.sessions.status(SessionId.of(SESSION), Instant.now()))
            .get()
            .extracting(SessionStatus::authorization)
            .isEqualTo("one");
      }
    },
    RATE_LIMITED {
      @Override
      void leave(GoldenRedisTest at) {
        at.limits.take(KEY, ONE);
        at.limits.take(KEY, ONE_OF_ALL);
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.limits.take(KEY, ONE)).isPositive();
        assertThat(at.limits.take(KEY, ONE_OF_ALL)).isPositive();
      }
    },
    QUARANTINED {
      @Override
      void leave(GoldenRedisTest at) {
        at.said();
        at.unfence();
        RedisShards.View view = at.attend();
        at.shards.ready(SHARD, view.run(), view.topicOffset(), LONG, NO_WAIT);
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(at.begin(1, "a")).isInstanceOf(Begin.NotYet.class);
        assertThat(at.claim()).isEmpty();
        assertThat(at.attend().ready()).isTrue();
      }
    },
    SHARD_COUNT {
      @Override
      void leave(GoldenRedisTest at) {
        RedisStartCheck.of(at.redis, SHARDS);
      }

      @Override
      void goOn(GoldenRedisTest at) {
        assertThat(RedisStartCheck.of(at.redis, SHARDS).problems()).isEmpty();
        assertThat(RedisStartCheck.of(at.redis, new dev.perennial.domain.Shards(5)).problems())
            .hasSize(1);
      }
    };

    abstract void leave(GoldenRedisTest at);

    abstract void goOn(GoldenRedisTest at);

    String file() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + ".v1.json";
    }
  }

  @BeforeEach
  void connectAll(RedisConnections redis) {
    SealedPayloads payloads = new SealedPayloads(new Unsealed());
    pending = new RedisPendingAuthorizations(redis, SHARDS, payloads);
    sessions = new RedisConnectSessions(redis, SHARDS, payloads);
    limits = new RedisRateLimits(redis, SHARDS);
    golden = new GoldenRedis(redis, attend().run());
  }

  @ParameterizedTest
  @EnumSource
  void what_the_first_release_left_is_gone_on_with(Left left) throws IOException {
    if (Boolean.getBoolean("perennial.golden.record")) {
      left.leave(this);
      golden.record(left.file());
    }
    golden.load(left.file());
    left.goOn(this);
  }

  /** The fields that a rollback meets too: an old script reads them and leaves others alone. */
  @Test
  void what_this_release_leaves_has_every_field_that_the_first_one_reads() {
    for (Left left : Left.values()) {
      golden.load(left.file());
      Map<String, String> before = redis.call(client -> client.hgetAll(connectionHash()));
      golden.load("shard-count.v1.json");
      RedisExtension.heal(redis);
      left.leave(this);
      assertThat(redis.call(client -> client.hgetAll(connectionHash())).keySet())
          .as(left.name())
          .containsAll(before.keySet());
    }
  }

  private CredentialState said() {
    CredentialState state = connected();
    published(state);
    return state;
  }

  private CredentialState current() {
    return store.find(KEY).orElseThrow();
  }

  private void overCode(String authorization) {
    String record = shardHash().replace(":shard", ":code:" + authorization);
    redis.call(client -> client.hset(record, "lease_until", "1"));
  }

  private static Attempt attemptA(int stage) {
    return new Attempt("a", stage, GRANT, 1, sealed("first"), 0, Instant.EPOCH, false);
  }
}
