package dev.perennial.client;

import dev.perennial.client.CredentialException.Kind;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.event.SealedPayloads;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tokens from the topic, opened with a key ring. Thread-safe. */
final class SealedTokens implements Tokens {
  private static final Logger log = LoggerFactory.getLogger(SealedTokens.class);

  /** Several who wait for one version ask for one refresh, and again where nothing came of it. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

  private final TopicView view;
  private final CompletableFuture<@Nullable Void> ready;
  private final SealedPayloads payloads;
  private final @Nullable AdminApi admin;
  private final Time time;
  private final Waiting waiting = new Waiting();

  /**
   * @param ready done once the view is
   * @param admin null: no refresh is asked for, only waited for
   */
  SealedTokens(
      TopicView view,
      CompletableFuture<@Nullable Void> ready,
      SealedPayloads payloads,
      @Nullable AdminApi admin,
      Time time) {
    this.view = view;
    this.ready = ready;
    this.payloads = payloads;
    this.admin = admin;
    this.time = time;
  }

  @Override
  public Token token(String connection) {
    Held held = view.find(connection);
    Token token = held == null ? null : held.opened();
    return token != null && token.isAliveAt(time.millis()) && view.isReady()
        ? token
        : open(ConnectionKey.parse(connection));
  }

  private Token open(ConnectionKey key) {
    Held held = view.get(key);
    Token token = usable(held);
    if (token != null && token.isAliveAt(time.millis())) {
      return token;
    }
    throw problem(held.state());
  }

  /** Null where the state says that no token is to be used. */
  private @Nullable Token usable(Held held) {
    return mayServe(held.state()) ? held.open(this::open) : null;
  }

  /** A token of known end is good until then, even where only a new consent brings another. */
  private static boolean mayServe(CredentialState state) {
    return state.sealed() != null
        && switch (state.status()) {
          case ACTIVE, REFRESH_FAILING -> true;
          case REAUTHORIZATION_REQUIRED -> state.expiresAt() != null;
          case EXPIRED, DELETED -> false;
        };
  }

  private Token open(CredentialState state) {
    TokenResponse response = response(state);
    Secret accessToken =
        response
            .accessToken()
            .orElseThrow(() ->
                new CredentialException(
                    Kind.UNREADABLE,
                    state.key(),
                    state.key()
                        + ": its token response has no access_token. Read another member of it:"
                        + " CredentialEvents gives the whole"));
    return new Token(
        state.key(),
        state.grant(),
        state.version(),
        accessToken,
        state.tokenType() == null ? response.tokenType().orElse(null) : state.tokenType(),
        state.expiresAt(),
        Renewals.removedFrom(response.values()));
  }

  private TokenResponse response(CredentialState state) {
    Sealed sealed = Objects.requireNonNull(state.sealed(), "checked by mayServe");
    try {
      return payloads.openTokens(state.key(), sealed);
    } catch (UnsealableException e) {
      throw new CredentialException(
          Kind.UNREADABLE, state.key(), String.valueOf(e.getMessage()), e);
    }
  }

  private static CredentialException problem(CredentialState state) {
    ConnectionKey key = state.key();
    if (state.status() == Status.DELETED) {
      return CredentialException.deleted(key);
    }
    return state.status() == Status.REAUTHORIZATION_REQUIRED
        ? CredentialException.reauthorize(key, Objects.toString(state.reason(), null))
        : CredentialException.expired(key, String.valueOf(state.expiresAt()));
  }

  @Override
  public CompletableFuture<Token> fresh(ConnectionKey key, Duration least, Duration timeout) {
    Held held = view.isReady() ? view.find(key.toString()) : null;
    Token now = held == null ? null : held.opened();
    return now != null && now.livesFor(least, time.millis())
        ? CompletableFuture.completedFuture(now)
        : renewed(key, timeout, enough(key, least));
  }

  /** Whether a token lives long enough; a second one that does not ends the waiting. */
  private Predicate<Token> enough(ConnectionKey key, Duration least) {
    return new Predicate<>() {
      private @Nullable Token first;

      @Override
      public synchronized boolean test(Token token) {
        if (token.livesFor(least, time.millis())) {
          return true;
        }
        if (first == null) {
          first = token;
        } else if (!token.isSameAs(first)) {
          throw new CredentialException(
              Kind.NOT_FRESH,
              key,
              key + " was refreshed, and its new token does not live " + least + ". Ask for less");
        }
        return false;
      }
    };
  }

  @Override
  public CompletableFuture<Token> newer(Token refused, Duration timeout) {
    return renewed(refused.connection(), timeout, token -> !token.isSameAs(refused));
  }

  private CompletableFuture<Token> renewed(
      ConnectionKey key, Duration timeout, Predicate<Token> enough) {
    Asking asking = new Asking(key);
    CompletableFuture<Token> token =
        ready
            .thenCompose(none -> waiting.until(key, timeout, () -> attempt(key, enough, asking)))
            .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return Futures.told(key, token, () -> late(key, timeout, asking));
  }

  private @Nullable Token attempt(ConnectionKey key, Predicate<Token> enough, Asking asking) {
    asking.throwIfRefused();
    Held held = view.get(key);
    Token token = usable(held);
    if (token != null && enough.test(token)) {
      return token;
    }
    Status status = held.state().status();
    if (status != Status.ACTIVE && status != Status.REFRESH_FAILING) {
      throw problem(held.state());
    }
    asking.ask(held);
    return null;
  }

  private CredentialException late(ConnectionKey key, Duration timeout, Asking asking) {
    Held held = view.find(key.toString());
    if (!view.isReady() || held == null) {
      return CredentialException.notReady(key);
    }
    CredentialState state = held.state();
    return new CredentialException(
        Kind.NOT_FRESH,
        key,
        key
            + " is "
            + state.status().text()
            + ", its token ends "
            + state.expiresAt()
            + ", and no fresher one came within "
            + timeout
            + asking.outcome()
            + ". Look at its reason: perennial connections show "
            + key);
  }

  @Override
  public void changed(ConnectionKey key) {
    waiting.changed(key);
  }

  @Override
  public void close() {
    waiting.fail(CredentialException::closed);
  }

  /** One caller's request for a refresh. */
  private final class Asking {
    private final ConnectionKey key;
    private boolean done;
    private volatile @Nullable CredentialException failure;

    private Asking(ConnectionKey key) {
      this.key = key;
    }

    private synchronized void ask(Held held) {
      if (done || admin == null) {
        return;
      }
      done = true;
      if (held.claimAsking(time.nanos(), ASK_AGAIN.toNanos())) {
        Futures.settle(
            admin.refresh(key),
            taken -> {},
            problem -> failed(Futures.asCredentialException(key, problem)));
      }
    }

    private void failed(CredentialException problem) {
      log.info("{}: a refresh could not be asked for: {}", key, problem.getMessage());
      failure = problem;
      waiting.changed(key);
    }

    /** An API that is away may be back, and a refresh may be due anyhow; a refusal stays. */
    private void throwIfRefused() {
      CredentialException problem = failure;
      if (problem != null && problem.kind() != Kind.UNAVAILABLE) {
        throw problem;
      }
    }

    private String outcome() {
      CredentialException problem = failure;
      if (problem != null) {
        return "; a refresh could not be asked for: " + problem.getMessage();
      }
      return admin == null ? "; without admin(…) none was asked for" : "";
    }
  }
}
