package dev.perennial.client;

import dev.perennial.client.CredentialException.Kind;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tokens from the admin API, in memory once they were asked for; a {@link Keeper} keeps them fresh.
 * Newer versions alone get in, by (grant, version). Thread-safe.
 */
final class ApiTokens implements Tokens {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final AdminApi admin;
  private final Announcer announcer;
  private final Duration deadline;
  private final Time time;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Token>> fetching = new ConcurrentHashMap<>();
  private final Keeper keeper;
  private volatile boolean closed;

  /**
   * @param interval between two rounds of the keeper
   * @param deadline of the fetching that {@link #token} waits for
   */
  ApiTokens(AdminApi admin, Announcer announcer, Duration interval, Duration deadline, Time time) {
    this.admin = admin;
    this.announcer = announcer;
    this.deadline = deadline;
    this.time = time;
    this.keeper = new Keeper(this, admin, interval, deadline, time);
  }

  Keeper keeper() {
    return keeper;
  }

  @Override
  public Token token(String connection) {
    Kept known = kept.get(connection);
    Token token = known == null ? null : known.token();
    return token != null && token.isAliveAt(time.millis()) && !closed
        ? token
        : fetched(ConnectionKey.parse(connection));
  }

  private Token fetched(ConnectionKey key) {
    if (closed) {
      throw CredentialException.closed(key);
    }
    Kept known = kept.get(key.toString());
    if (known != null) {
      Token token = known.token();
      if (token != null && token.isAliveAt(time.millis())) {
        return token;
      }
      CredentialException problem = known.problem();
      if (problem != null) {
        throw problem;
      }
    }
    return Futures.join(key, fetch(key));
  }

  /** One request at a time for each connection, whoever waits for it. */
  private CompletableFuture<Token> fetch(ConnectionKey key) {
    CompletableFuture<Token> mine = new CompletableFuture<>();
    CompletableFuture<Token> running = fetching.putIfAbsent(key.toString(), mine);
    if (running != null) {
      return running.copy();
    }
    CompletableFuture<Token> asked = ask(key, Duration.ZERO, deadline);
    Futures.settle(
        asked,
        token -> fetching.remove(key.toString(), mine),
        failure -> fetching.remove(key.toString(), mine));
    Futures.pass(key, asked, mine);
    return mine.copy();
  }

  /** Asks the API, which renews the token first where less than that is left of it. */
  CompletableFuture<Token> ask(ConnectionKey key, Duration least, Duration timeout) {
    CompletableFuture<Fetched> asked = admin.credentials(key, least, timeout);
    Futures.settle(
        asked, fetched -> {}, failure -> learn(key, Futures.asCredentialException(key, failure)));
    return asked.thenApply(this::keep);
  }

  private void learn(ConnectionKey key, CredentialException failure) {
    switch (failure.kind()) {
      case UNKNOWN_CONNECTION -> forget(key);
      case REAUTHORIZATION_REQUIRED -> learn(key, Status.REAUTHORIZATION_REQUIRED);
      case DELETED -> learn(key, Status.DELETED);
      case EXPIRED -> learn(key, Status.EXPIRED);
      default -> {}
    }
  }

  private void learn(ConnectionKey key, Status status) {
    keep(new ConnectionState(key, 0, 0, status, null, null, null, null));
  }

  /** Takes a token in, and tells which one counts now. Told to the listener once it is here. */
  synchronized Token keep(Fetched fetched) {
    Token token = fetched.token();
    String name = token.connection().toString();
    Kept before = kept.get(name);
    Token known = before == null ? null : before.token();
    if (known != null && token.isOlderThan(known)) {
      return known;
    }
    kept.put(name, Kept.of(fetched, time.millis()));
    announce(before, token, fetched);
    return token;
  }

  private void announce(@Nullable Kept before, Token token, Fetched fetched) {
    if (before == null || token.isSameAs(before.token())) {
      return; // what is so when it is first asked for is no change
    }
    Token known = before.token();
    boolean connected = known == null ? before.problem() != null : known.grant() != token.grant();
    announcer.announce(
        connected ? Change.CONNECTED : Change.REFRESHED,
        ConnectionState.of(token, fetched.scope()));
  }

  /** Takes in how a connection stands that has no token to give. */
  synchronized void keep(ConnectionState state) {
    String name = state.connection().toString();
    Kept before = kept.get(name);
    kept.put(name, before == null ? new Kept(state, null, Long.MAX_VALUE) : before.with(state));
    announce(before, state);
  }

  private void announce(@Nullable Kept before, ConnectionState state) {
    if (before == null || before.state().status() == state.status()) {
      return;
    }
    switch (state.status()) {
      case REAUTHORIZATION_REQUIRED -> announcer.announce(Change.REAUTHORIZATION_REQUIRED, state);
      case EXPIRED -> announcer.announce(Change.EXPIRED, state);
      case DELETED -> announcer.announce(Change.DELETED, state);
      case ACTIVE, REFRESH_FAILING -> {}
    }
  }

  /** The API knows it no more, so nothing asks for it any more either. */
  synchronized void forget(ConnectionKey key) {
    Kept before = kept.remove(key.toString());
    if (before != null && before.state().status() != Status.DELETED) {
      ConnectionState state = before.state();
      announcer.announce(
          Change.DELETED,
          new ConnectionState(
              key, state.grant(), state.version(), Status.DELETED, null, null, null, null));
    }
  }

  Map<String, Kept> kept() {
    return kept;
  }

  Optional<ConnectionState> state(ConnectionKey key) {
    return Optional.ofNullable(kept.get(key.toString())).map(Kept::state);
  }

  @Override
  public CompletableFuture<Token> fresh(ConnectionKey key, Duration least, Duration timeout) {
    if (closed) {
      return CompletableFuture.failedFuture(CredentialException.closed(key));
    }
    Kept known = kept.get(key.toString());
    Token now = known == null ? null : known.token();
    return now != null && now.livesFor(least, time.millis())
        ? CompletableFuture.completedFuture(now)
        : Futures.told(key, ask(key, least, timeout), () -> late(key, timeout));
  }

  @Override
  public CompletableFuture<Token> newer(Token refused, Duration timeout) {
    ConnectionKey key = refused.connection();
    if (closed) {
      return CompletableFuture.failedFuture(CredentialException.closed(key));
    }
    Kept known = kept.get(key.toString());
    Token now = known == null ? null : known.token();
    if (now != null && !now.isSameAs(refused) && now.isAliveAt(time.millis())) {
      return CompletableFuture.completedFuture(now);
    }
    String etag = now != null && now.isSameAs(refused) && known != null ? known.etag() : null;
    long end = time.nanos() + timeout.toNanos();
    CompletableFuture<Token> next =
        admin
            .refresh(key)
            .handle((none, failure) -> tolerable(key, failure))
            .thenCompose(none -> next(refused, etag, end))
            .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return Futures.told(key, next, () -> late(key, timeout));
  }

  /** A key that may only read, or an API that is away for a moment, can still bring one. */
  private static boolean tolerable(ConnectionKey key, @Nullable Throwable failure) {
    if (failure == null) {
      return true;
    }
    CredentialException problem = Futures.asCredentialException(key, failure);
    if (problem.kind() == Kind.UNAVAILABLE || problem.kind() == Kind.NOT_ALLOWED) {
      return false;
    }
    throw problem;
  }

  private CompletableFuture<Token> next(Token refused, @Nullable String etag, long end) {
    Duration left = Duration.ofNanos(end - time.nanos());
    if (left.isNegative() || left.isZero()) {
      return CompletableFuture.failedFuture(new TimeoutException());
    }
    Duration wait = left.compareTo(AdminApi.MAX_WAIT) < 0 ? left : AdminApi.MAX_WAIT;
    return admin
        .next(refused.connection(), etag, wait)
        .thenCompose(found -> {
          Token token = found.map(this::keep).orElse(refused);
          return token.isSameAs(refused)
              ? later(refused, found.map(Fetched::etag).orElse(etag), end)
              : CompletableFuture.completedFuture(token);
        });
  }

  /** A pause, lest an API that does not wait is asked without a rest. */
  private CompletionStage<Token> later(Token refused, @Nullable String etag, long end) {
    Executor pause = CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(() -> {}, pause)
        .thenCompose(none -> next(refused, etag, end));
  }

  private static CredentialException late(ConnectionKey key, Duration timeout) {
    return new CredentialException(
        Kind.NOT_FRESH,
        key,
        key
            + ": no fresher token came within "
            + timeout
            + ". Look at its status and reason: perennial connections show "
            + key);
  }

  @Override
  public void changed(ConnectionKey key) {
    if (kept.containsKey(key.toString())) {
      keeper.again(key);
    }
  }

  @Override
  public void close() {
    closed = true;
    keeper.close();
  }
}
