package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Put;
import dev.perennial.domain.credential.PutCondition;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.ReuseWindow;
import dev.perennial.domain.refresh.AttemptTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The refresh protocol's store as a small state machine in memory, without fences. */
final class MemoryStore implements CredentialStore {
  final Outage outage = new Outage();

  /** Happens before a look-up. */
  Runnable onFind = () -> {};

  private final InstantSource clock;
  private final AttemptTimes times;
  private final Map<ConnectionKey, MemoryRow> rows = new ConcurrentHashMap<>();

  MemoryStore(InstantSource clock, AttemptTimes times) {
    this.clock = clock;
    this.times = times;
  }

  /** For a test to look at or to change. */
  MemoryRow row(ConnectionKey key) {
    MemoryRow row = rows.get(key);
    if (row == null) {
      throw new IllegalStateException("no credential " + key);
    }
    return row;
  }

  void forget(ConnectionKey key) {
    rows.remove(key);
  }

  private synchronized <T> T step(String name, Supplier<T> work) {
    return outage.step(name, work);
  }

  @Override
  public Begin begin(ConnectionKey key, long version, String attempt, ReuseWindow reuse) {
    return step("begin", () -> begin(rows.get(key), key, version, attempt, reuse));
  }

  private Begin begin(
      @Nullable MemoryRow row, ConnectionKey key, long version, String attempt, ReuseWindow reuse) {
    Instant now = clock.instant();
    if (row == null) {
      return new Begin.Missing();
    }
    if (row.status == Status.DELETED) {
      return new Begin.Deleted();
    }
    if (version != row.version) {
      if (row.published < row.version) {
        return new Begin.Unpublished(state(key, row));
      }
      return version < row.version ? new Begin.Stale() : new Begin.Behind();
    }
    if (row.status == Status.REAUTHORIZATION_REQUIRED || row.unreadable != null) {
      return new Begin.Stale();
    }
    if (row.nextAttemptAt != null && row.nextAttemptAt.isAfter(now)) {
      row.dueAt = row.nextAttemptAt;
      return new Begin.NotYet(row.nextAttemptAt);
    }
    if (row.attempt == null) {
      return write(row, attempt, "open");
    }
    if (row.leaseUntil.isAfter(now)) {
      return row.attempt.equals(attempt) ? begun(row) : new Begin.Busy(row.leaseUntil);
    }
    if (row.stage > 0) {
      row.leaseUntil = now.plus(times.lease());
      return begun(row);
    }
    Instant resume = reuse.always() ? now : row.leaseUntil.plus(times.lease());
    if (resume.isAfter(now)) {
      row.attemptState = "unknown";
      row.dueAt = resume;
      return new Begin.Unknown(resume);
    }
    return write(row, attempt, "probe");
  }

  private Begin write(MemoryRow row, String attempt, String state) {
    row.attempt = attempt;
    row.attemptState = state;
    row.leaseUntil = clock.instant().plus(times.lease());
    return begun(row);
  }

  private Begin begun(MemoryRow row) {
    row.dueAt = clock.instant().plus(times.reemit());
    return new Begin.Begun(
        new Begin.Attempt(
            row.attempt == null ? "" : row.attempt,
            row.stage,
            row.grant,
            row.tokenGen,
            sealed(row),
            row.failures,
            clock.instant(),
            row.attemptState.equals("probe")));
  }

  private static Sealed sealed(MemoryRow row) {
    if (row.staged != null) {
      return row.staged;
    }
    return row.tokens == null ? Sealed.of(new byte[0]) : row.tokens.sealed();
  }

  @Override
  public Commit commit(
      ConnectionKey key,
      Begin.Attempt attempt,
      boolean last,
      IssuedTokens tokens,
      @Nullable Failure incomplete) {
    return step(
        last ? "commit" : "stage",
        () -> commit(rows.get(key), key, attempt, last, tokens, incomplete));
  }

  private Commit commit(
      @Nullable MemoryRow row,
      ConnectionKey key,
      Begin.Attempt attempt,
      boolean last,
      IssuedTokens tokens,
      @Nullable Failure incomplete) {
    if (row == null) {
      return new Commit.Missing();
    }
    String done = attempt.id() + "/" + attempt.stage();
    if (done.equals(row.committed)) {
      return new Commit.Already(state(key, row));
    }
    boolean current =
        attempt.grant() > row.grant
            || (attempt.grant() == row.grant
                && row.status != Status.DELETED
                && attempt.tokenGen() >= row.tokenGen);
    if (!current) {
      return row.status == Status.DELETED ? new Commit.Deleted() : new Commit.Superseded();
    }
    boolean sameBase = attempt.grant() == row.grant && attempt.tokenGen() == row.tokenGen;
    if (sameBase && row.stagedBy != null && !row.stagedBy.equals(attempt.id())) {
      return new Commit.Superseded();
    }
    if (!last) {
      return stage(row, attempt, sameBase, tokens);
    }
    row.tokens = tokens;
    row.grant = attempt.grant();
    row.tokenGen = attempt.tokenGen() + 1;
    row.committed = done;
    int failures = row.failures;
    row.settle();
    if (incomplete != null) {
      row.status = Status.REFRESH_FAILING;
      row.reason = incomplete.reason();
      row.failures = failures + 1;
      row.nextAttemptAt = clock.instant().plus(incomplete.retryIn());
      row.dueAt = row.nextAttemptAt;
      return new Commit.Committed(Optional.of(next(key, row, Change.REFRESH_FAILED)));
    }
    row.dueAt = tokens.dueAt();
    return new Commit.Committed(Optional.of(next(key, row, Change.REFRESHED)));
  }

  /** Beside what is published, which stays as it is. */
  private Commit stage(
      MemoryRow row, Begin.Attempt attempt, boolean sameBase, IssuedTokens tokens) {
    if (!sameBase) {
      return new Commit.Missing();
    }
    row.staged = tokens.sealed();
    row.stagedBy = attempt.id();
    row.stage = attempt.stage() + 1;
    row.attempt = attempt.id();
    row.attemptState = "open";
    row.leaseUntil = clock.instant().plus(times.lease());
    row.committed = attempt.id() + "/" + attempt.stage();
    row.dueAt = clock.instant().plus(times.reemit());
    return new Commit.Committed(Optional.empty());
  }

  @Override
  public Optional<CredentialState> fail(ConnectionKey key, Begin.Attempt attempt, Failure failure) {
    return step("fail", () -> fail(rows.get(key), key, attempt, failure));
  }

  private Optional<CredentialState> fail(
      @Nullable MemoryRow row, ConnectionKey key, Begin.Attempt attempt, Failure failure) {
    if (row == null
        || !attempt.id().equals(row.attempt)
        || attempt.grant() != row.grant
        || attempt.tokenGen() != row.tokenGen) {
      return Optional.empty();
    }
    return switch (failure.kind()) {
      case REFUSED -> {
        row.clearAttempt();
        row.dueAt = null;
        yield bad(key, row, failure, Status.REAUTHORIZATION_REQUIRED);
      }
      case UNREADABLE -> {
        row.unreadable = failure.body();
        row.dueAt = null;
        yield bad(key, row, failure, Status.REFRESH_FAILING);
      }
      case NOT_SENT, THROTTLED, UNAVAILABLE, NO_ANSWER, MISCONFIGURED -> again(key, row, failure);
    };
  }

  private Optional<CredentialState> again(ConnectionKey key, MemoryRow row, Failure failure) {
    row.failures++;
    row.nextAttemptAt = clock.instant().plus(failure.retryIn());
    row.dueAt = row.nextAttemptAt;
    if (row.attemptState.equals("probe")) {
      row.attemptState = "unknown";
      row.leaseUntil = Instant.EPOCH;
    } else {
      row.clearAttempt();
    }
    boolean said =
        switch (failure.kind()) {
          case MISCONFIGURED -> true;
          case UNAVAILABLE, NO_ANSWER -> row.status != Status.REFRESH_FAILING;
          case NOT_SENT, THROTTLED, UNREADABLE, REFUSED -> false;
        };
    return said ? bad(key, row, failure, Status.REFRESH_FAILING) : Optional.empty();
  }

  private Optional<CredentialState> bad(
      ConnectionKey key, MemoryRow row, Failure failure, Status status) {
    row.status = status;
    row.reason = failure.reason();
    return Optional.of(
        next(
            key,
            row,
            status == Status.REFRESH_FAILING
                ? Change.REFRESH_FAILED
                : Change.REAUTHORIZATION_REQUIRED));
  }

  @Override
  public Put put(ConnectionKey key, long grant, String authorization, IssuedTokens tokens) {
    return step(
        "put", () -> put(rows.computeIfAbsent(key, _ -> new MemoryRow()), key, grant, tokens));
  }

  @Override
  public Optional<Put> put(
      ConnectionKey key,
      long grant,
      String authorization,
      IssuedTokens tokens,
      PutCondition condition) {
    throw new UnsupportedOperationException();
  }

  /** Whether the tokens of this consent are the stored ones. */
  boolean holds(ConnectionKey key, long grant) {
    MemoryRow row = rows.get(key);
    return row != null && row.grant == grant;
  }

  private Put put(MemoryRow row, ConnectionKey key, long grant, IssuedTokens tokens) {
    if (grant == row.grant && row.status != Status.DELETED) {
      return new Put.Already(state(key, row));
    }
    if (grant <= row.grant) {
      return new Put.Superseded();
    }
    row.grant = grant;
    row.tokenGen = 1;
    row.tokens = tokens;
    row.committed = null;
    row.settle();
    row.dueAt = tokens.dueAt();
    return new Put.Stored(next(key, row, Change.CONNECTED));
  }

  @Override
  public Optional<CredentialState> expire(ConnectionKey key, long grant, long version) {
    return step(
        "expire",
        () -> {
          MemoryRow row = row(key);
          boolean past =
              row.tokens != null
                  && row.tokens.expiresAt() != null
                  && !row.tokens.expiresAt().isAfter(clock.instant());
          if (row.grant != grant || row.version != version || !past) {
            return Optional.<CredentialState>empty();
          }
          row.status = Status.EXPIRED;
          row.dueAt = null;
          return Optional.of(next(key, row, Change.EXPIRED));
        });
  }

  @Override
  public Optional<CredentialState> delete(ConnectionKey key, long grant) {
    return step(
        "delete",
        () -> {
          MemoryRow row = row(key);
          row.settle();
          row.tokens = null;
          row.grant = grant;
          row.tokenGen = 0;
          row.status = Status.DELETED;
          return Optional.of(next(key, row, Change.DELETED));
        });
  }

  @Override
  public void published(ConnectionKey key, long grant, long version) {
    step(
        "published",
        () -> {
          MemoryRow row = row(key);
          if (row.grant == grant) {
            row.published = Math.max(row.published, version);
          }
          return true;
        });
  }

  @Override
  public void postpone(ConnectionKey key, long version, Duration delay) {
    step(
        "postpone",
        () -> {
          MemoryRow row = row(key);
          if (row.version == version) {
            row.dueAt = clock.instant().plus(delay);
          }
          return true;
        });
  }

  @Override
  public Optional<CredentialState> find(ConnectionKey key) {
    return step(
        "find",
        () -> {
          onFind.run();
          return Optional.ofNullable(rows.get(key)).map(row -> state(key, row));
        });
  }

  @Override
  public List<CredentialState> unpublished(int shard, Duration olderThan) {
    throw new UnsupportedOperationException("not the exchanger's");
  }

  @Override
  public Page list(@Nullable String cursor) {
    throw new UnsupportedOperationException("not the exchanger's");
  }

  private CredentialState next(ConnectionKey key, MemoryRow row, Change change) {
    row.version++;
    row.change = change;
    row.changedAt = clock.instant();
    return state(key, row);
  }

  private static CredentialState state(ConnectionKey key, MemoryRow row) {
    IssuedTokens tokens = row.tokens;
    return new CredentialState(
        key,
        row.grant,
        row.tokenGen,
        row.version,
        row.status,
        row.change,
        row.reason,
        tokens == null ? null : tokens.sealed(),
        tokens == null ? null : tokens.issuedAt(),
        tokens == null ? null : tokens.expiresAt(),
        row.dueAt,
        tokens == null ? null : tokens.tokenType(),
        tokens == null ? null : tokens.scope(),
        row.changedAt,
        tokens == null ? null : tokens.grantEnd(),
        null);
  }
}
