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
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.ReuseWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** What the admin API uses of a store; pages of two. */
final class MemoryStore implements CredentialStore {
  final Map<ConnectionKey, CredentialState> states = new ConcurrentSkipListMap<>();
  final List<String> published = new ArrayList<>();
  volatile boolean away;

  void set(CredentialState state) {
    states.put(state.key(), state);
  }

  @Override
  public Optional<CredentialState> find(ConnectionKey key) {
    check();
    return Optional.ofNullable(states.get(key));
  }

  @Override
  public Page list(@Nullable String cursor) {
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
