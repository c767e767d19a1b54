package dev.perennial.credentials;

import static dev.perennial.credentials.RedisExtension.SHARDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Shards;
import dev.perennial.domain.authorization.CodeRecords.CodeBegin;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.authorization.PendingAuthorizations.Hold;
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
import dev.perennial.domain.event.Event.CodeReceived;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** One for each state in which a release may leave something, and how the next one goes on. */
enum Left {
  ACTIVE {
    @Override
    void leave(GoldenFixture at) {
      at.published(at.put("first", GoldenFixture.GRANT, Duration.ofMillis(1))); // due at once
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.current().status()).isEqualTo(Status.ACTIVE);
      assertThat(at.claim()).hasSize(1);
      assertThat(at.commit(GoldenFixture.begun(at.begin(1, "b")), "second").tokenGen())
          .isEqualTo(2);
    }
  },
  UNPUBLISHED {
    @Override
    void leave(GoldenFixture at) {
      at.connected();
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.outbox()).containsExactly(at.current());
      at.published(at.current());
      assertThat(at.outbox()).isEmpty();
    }
  },
  ATTEMPT_OPEN {
    @Override
    void leave(GoldenFixture at) {
      at.said();
      at.begin(1, "a");
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.field("attempt_state")).isEqualTo("open");
      assertThat(at.commit(GoldenFixture.attemptA(0), "late").tokenGen()).isEqualTo(2);
      assertThat(at.field("attempt")).isNull();
    }
  },
  ATTEMPT_UNKNOWN {
    @Override
    void leave(GoldenFixture at) {
      at.said();
      at.begin(1, "a");
      at.leaseOverSince(Duration.ofSeconds(1));
      assertThat(at.begin(1, "b")).isInstanceOf(Begin.Unknown.class);
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.field("attempt_state")).isEqualTo("unknown");
      at.field("expires_at", Instant.now().toEpochMilli());
      at.leaseOverSince(Duration.ofHours(1));
      assertThat(GoldenFixture.begun(at.begin(1, "c")).probe()).isTrue();
    }
  },
  STAGED {
    @Override
    void leave(GoldenFixture at) {
      at.said();
      at.store.commit(
          GoldenFixture.KEY,
          GoldenFixture.begun(at.begin(1, "a")),
          false,
          GoldenFixture.tokens("half"));
      at.leaseOverSince(Duration.ofSeconds(1));
    }

    @Override
    void goOn(GoldenFixture at) {
      Attempt attempt = GoldenFixture.begun(at.begin(1, "b"));
      assertThat(attempt.stage()).isEqualTo(1);
      assertThat(attempt.sealed()).isEqualTo(GoldenFixture.sealed("half"));
      assertThat(attempt.id()).isEqualTo("a");
    }
  },
  REFRESH_FAILING {
    @Override
    void leave(GoldenFixture at) {
      at.said();
      at.failed(GoldenFixture.begun(at.begin(1, "a")), Kind.UNAVAILABLE).ifPresent(at::published);
    }

    @Override
    void goOn(GoldenFixture at) {
      CredentialState state = at.current();
      assertThat(state.status()).isEqualTo(Status.REFRESH_FAILING);
      assertThat(state.reason()).isEqualTo(new Reason("unavailable", "because"));
      assertThat(GoldenFixture.begun(at.begin(state.version(), "b")).failures()).isEqualTo(1);
    }
  },
  REAUTHORIZATION_REQUIRED {
    @Override
    void leave(GoldenFixture at) {
      at.said();
      at.failed(GoldenFixture.begun(at.begin(1, "a")), Kind.REFUSED).ifPresent(at::published);
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.current().status()).isEqualTo(Status.REAUTHORIZATION_REQUIRED);
      assertThat(at.begin(2, "b")).isInstanceOf(Begin.Stale.class);
      assertThat(at.put("again", GoldenFixture.GRANT + 1, Duration.ofHours(1)).version())
          .isEqualTo(3);
    }
  },
  UNREADABLE {
    @Override
    void leave(GoldenFixture at) {
      at.said();
      Failure failure =
          new Failure(
              Kind.UNREADABLE,
              Reason.of(Reason.UNREADABLE_ANSWER),
              GoldenFixture.NO_WAIT,
              GoldenFixture.sealed("body"));
      at.store
          .fail(GoldenFixture.KEY, GoldenFixture.begun(at.begin(1, "a")), failure)
          .ifPresent(at::published);
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.field("unreadable")).isEqualTo("body");
      assertThat(at.begin(2, "b")).isInstanceOf(Begin.Stale.class);
      assertThat(at.put("again", GoldenFixture.GRANT + 1, Duration.ofHours(1)).status())
          .isEqualTo(Status.ACTIVE);
    }
  },
  EXPIRED {
    @Override
    void leave(GoldenFixture at) {
      at.put("first", GoldenFixture.GRANT, Duration.ofMillis(-1));
      at.published(at.current());
      at.store.expire(GoldenFixture.KEY, GoldenFixture.GRANT, 1).ifPresent(at::published);
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.current().status()).isEqualTo(Status.EXPIRED);
      assertThat(at.put("again", GoldenFixture.GRANT + 1, Duration.ofHours(1)).version())
          .isEqualTo(3);
    }
  },
  DELETED {
    @Override
    void leave(GoldenFixture at) {
      at.said();
      at.store.delete(GoldenFixture.KEY, GoldenFixture.GRANT + 1).ifPresent(at::published);
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.begin(2, "a")).isInstanceOf(Begin.Deleted.class);
      assertThat(at.put("again", GoldenFixture.GRANT + 2, Duration.ofHours(1)).version())
          .isEqualTo(3);
    }
  },
  WARNED {
    @Override
    void leave(GoldenFixture at) {
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      IssuedTokens plain = GoldenFixture.tokens("first");
      at.store.put(
          GoldenFixture.KEY,
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
      at.shards
          .warn(GoldenFixture.SHARD, 10, List.of(Duration.ofDays(14)))
          .warned()
          .forEach(at::published);
    }

    @Override
    void goOn(GoldenFixture at) {
      CredentialState state = at.current();
      assertThat(state.change()).isEqualTo(Change.EXPIRING);
      assertThat(state.warned()).isEqualTo(Duration.ofDays(14));
      assertThat(at.begin(state.version() - 1, "a")).isInstanceOf(Begin.Begun.class);
    }
  },
  CODE_BEGUN {
    @Override
    void leave(GoldenFixture at) {
      at.codes.begin(at.code("auth-1"), "a");
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.codes.begin(at.code("auth-1"), "b")).isInstanceOf(CodeBegin.InFlight.class);
      assertThat(at.codes.vanished(GoldenFixture.SHARD, Instant.now().plus(GoldenFixture.LONG)))
          .hasSize(1);
      at.put("first", GoldenFixture.GRANT, Duration.ofHours(1)); // of another authorization
      assertThat(at.codes.vanished(GoldenFixture.SHARD, Instant.now().plus(GoldenFixture.LONG)))
          .hasSize(1);
    }
  },
  CODE_STAGED {
    @Override
    void leave(GoldenFixture at) {
      CodeReceived code = at.code("auth-1");
      at.codes.begin(code, "a");
      at.codes.advance(GoldenFixture.KEY, "auth-1", "a", 1, GoldenFixture.sealed("half"));
      at.overCode("auth-1");
    }

    @Override
    void goOn(GoldenFixture at) {
      CodeBegin.Begun begun = (CodeBegin.Begun) at.codes.begin(at.code("auth-1"), "b");
      assertThat(begun.stage()).isEqualTo(1);
      assertThat(begun.staged()).isEqualTo(GoldenFixture.sealed("half"));
    }
  },
  CODE_FAILED {
    @Override
    void leave(GoldenFixture at) {
      at.codes.begin(at.code("auth-1"), "a");
      at.codes.fail(GoldenFixture.KEY, "auth-1", new Reason(Reason.REFUSED, "because"));
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.codes.progress(GoldenFixture.KEY, "auth-1"))
          .isEqualTo(new Progress.Failed(new Reason(Reason.REFUSED, "because")));
      assertThat(at.codes.begin(at.code("auth-1"), "b")).isInstanceOf(CodeBegin.Failed.class);
    }
  },
  PENDING_CONSENT {
    @Override
    void leave(GoldenFixture at) {
      at.pending.add(GoldenFixture.STATE, GoldenFixture.PENDING, GoldenFixture.LONG);
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.pending.hold(GoldenFixture.STATE, "one", GoldenFixture.NO_WAIT))
          .isEqualTo(new Hold.Held(GoldenFixture.PENDING));
      at.pending.spend(GoldenFixture.STATE, "one");
      assertThat(at.pending.hold(GoldenFixture.STATE, "two", GoldenFixture.NO_WAIT))
          .isInstanceOf(Hold.Spent.class);
    }
  },
  CONNECT_SESSION {
    @Override
    void leave(GoldenFixture at) {
      at.sessions.add(GoldenFixture.SESSION, GoldenFixture.WHAT, Instant.EPOCH, GoldenFixture.LONG);
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.sessions.find(GoldenFixture.SESSION)).contains(GoldenFixture.WHAT);
      assertThat(at.sessions.redeem(GoldenFixture.SESSION, "one")).isTrue();
      assertThat(at.sessions.find(GoldenFixture.SESSION)).isEmpty();
    }
  },
  CONNECT_SESSION_USED {
    @Override
    void leave(GoldenFixture at) {
      at.sessions.add(GoldenFixture.SESSION, GoldenFixture.WHAT, Instant.EPOCH, GoldenFixture.LONG);
      at.sessions.begun(GoldenFixture.SESSION, "one", Instant.EPOCH.plus(GoldenFixture.LONG));
      at.sessions.redeem(GoldenFixture.SESSION, "one");
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.sessions.redeem(GoldenFixture.SESSION, "two")).isFalse();
      assertThat(at.sessions.status(SessionId.of(GoldenFixture.SESSION), Instant.now()))
          .get()
          .extracting(SessionStatus::authorization)
          .isEqualTo("one");
    }
  },
  RATE_LIMITED {
    @Override
    void leave(GoldenFixture at) {
      at.limits.take(GoldenFixture.KEY, GoldenFixture.ONE, "left");
      at.limits.take(GoldenFixture.KEY, GoldenFixture.ONE_OF_ALL, "left");
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.limits.take(GoldenFixture.KEY, GoldenFixture.ONE, "next")).isPositive();
      assertThat(at.limits.take(GoldenFixture.KEY, GoldenFixture.ONE_OF_ALL, "next")).isPositive();
    }
  },
  QUARANTINED {
    @Override
    void leave(GoldenFixture at) {
      at.said();
      at.unfence();
      RedisShards.View view = at.attend();
      at.shards.ready(
          GoldenFixture.SHARD,
          view.run(),
          view.topicOffset(),
          GoldenFixture.LONG,
          GoldenFixture.NO_WAIT);
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(at.begin(1, "a")).isInstanceOf(Begin.NotYet.class);
      assertThat(at.claim()).isEmpty();
      assertThat(at.attend().ready()).isTrue();
    }
  },
  SHARD_COUNT {
    @Override
    void leave(GoldenFixture at) {
      RedisStartCheck.of(at.redis, SHARDS);
    }

    @Override
    void goOn(GoldenFixture at) {
      assertThat(RedisStartCheck.of(at.redis, SHARDS).problems()).isEmpty();
      assertThat(RedisStartCheck.of(at.redis, new Shards(5)).problems()).hasSize(1);
    }
  };

  abstract void leave(GoldenFixture at);

  abstract void goOn(GoldenFixture at);

  String file() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".v1.json";
  }
}
