package dev.perennial.app.admin;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the admin API uses of a store; pages of two. */
final class MemoryStore implements CredentialStore {
  final Map<ConnectionKey, CredentialState> states = new ConcurrentSkipListMap<>();
  final List<String> published = new CopyOnWriteArrayList<>();
  private final Semaphore finds = new Semaphore(0);
  volatile boolean away;
  final AtomicInteger pagesLeft = new AtomicInteger(Integer.MAX_VALUE);
  volatile Runnable beforePut = () -> {};

  void set(CredentialState state) {
    states.put(state.key(), state);
  }

  @Override
  public Optional<CredentialState> find(ConnectionKey key) {
    check();
    finds.release();
    return Optional.ofNullable(states.get(key));
  }

  /** Until it was looked at so many times more. */
  void awaitFinds(int more) throws InterruptedException {
    finds.drainPermits();
    if (!finds.tryAcquire(more, 10, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody looks");
    }
  }

  @Override
  public Page list(@Nullable String cursor) {
    away = away || pagesLeft.getAndDecrement() == 0;
    check();
    List<CredentialState> all = List.copyOf(states.values());
    int from = cursor == null ? 0 : Integer.parseInt(cursor);
    int to = Math.min(from + 2, all.size());
    return new Page(all.subList(from, to), to == all.size() ? null : Integer.toString(to));
  }

  @Override
  public Optional<CredentialState> delete(ConnectionKey key, long grant) {
    check();
    CredentialState state = states.get(key);
    if (state == null || state.status() == Status.DELETED || grant <= state.grant()) {
      return Optional.empty();
    }
    CredentialState deleted =
        new CredentialState(
            key,
            grant,
            state.tokenGen(),
            state.version() + 1,
            Status.DELETED,
            Change.DELETED,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            Instant.EPOCH);
    set(deleted);
    return Optional.of(deleted);
  }

  @Override
  public void published(ConnectionKey key, long grant, long version) {
    published.add(key + " " + grant + " " + version);
  }

  private void check() {
    if (away) {
      throw new UnavailableException("Redis at localhost:1 does not answer.");
    }
  }

  @Override
  public Begin begin(ConnectionKey key, long version, String attempt, ReuseWindow reuse) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Commit commit(
      ConnectionKey key,
      Begin.Attempt attempt,
      boolean last,
      IssuedTokens tokens,
      @Nullable Failure incomplete) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<CredentialState> fail(ConnectionKey key, Begin.Attempt attempt, Failure failure) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Put put(ConnectionKey key, long grant, String authorization, IssuedTokens tokens) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Put> put(
      ConnectionKey key,
      long grant,
      String authorization,
      IssuedTokens tokens,
      PutCondition condition) {
    check();
    beforePut.run();
    synchronized (this) {
      CredentialState before = states.get(key);
      CredentialState live = before == null || before.status() == Status.DELETED ? null : before;
      boolean met =
          switch (condition) {
            case PutCondition.Absent _ -> live == null;
            case PutCondition.Exactly(long over, long version) ->
                live != null && live.grant() == over && live.version() == version;
          };
      if (!met) {
        return Optional.empty();
      }
      CredentialState state =
          new CredentialState(
              key,
              grant,
              1,
              before == null ? 1 : before.version() + 1,
              Status.ACTIVE,
              Change.CONNECTED,
              null,
              tokens.sealed(),
              tokens.issuedAt(),
              tokens.expiresAt(),
              tokens.dueAt(),
              tokens.tokenType(),
              tokens.scope(),
              Instant.EPOCH);
      set(state);
      return Optional.of(new Put.Stored(state));
    }
  }

  @Override
  public Optional<CredentialState> expire(ConnectionKey key, long grant, long version) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void postpone(ConnectionKey key, long version, Duration delay) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<CredentialState> unpublished(int shard, Duration olderThan) {
    throw new UnsupportedOperationException();
  }
}
