package dev.perennial.client;

import dev.perennial.domain.ConnectionKey;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for a connection to change. Whoever changes one calls {@link #changed}, which
 * tries each of its waiters and runs nothing of theirs on the calling thread. Thread-safe.
 */
final class Waiting {
  private final Map<ConnectionKey, Set<Waiter>> waiters = new ConcurrentHashMap<>();

  /**
   * Done with what an attempt returns first, or throws; null means to wait for the next change. The
   * first attempt is made at once.
   */
  CompletableFuture<Token> until(
      ConnectionKey key, Duration timeout, Supplier<@Nullable Token> attempt) {
    Waiter waiter = new Waiter(attempt);
    waiters.compute(
        key,
        (k, others) -> {
          Set<Waiter> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(waiter);
          return all;
        });
    Futures.settle(waiter.future, token -> remove(key, waiter), failure -> remove(key, waiter));
    waiter.attempt(); // after it was added, so that no change is missed
    return waiter.future.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void remove(ConnectionKey key, Waiter waiter) {
    waiters.computeIfPresent(
        key,
        (k, all) -> {
          all.remove(waiter);
          return all.isEmpty() ? null : all;
        });
  }

  void changed(ConnectionKey key) {
    waiters.getOrDefault(key, Set.of()).forEach(Waiter::attempt);
  }

  /** Ends all that wait. */
  void fail(Function<ConnectionKey, CredentialException> why) {
    waiters.forEach((key, all) -> all.forEach(waiter -> waiter.fail(why.apply(key))));
  }

  private static final class Waiter {
    private final Supplier<@Nullable Token> attempt;
    private final CompletableFuture<Token> future = new CompletableFuture<>();

    private Waiter(Supplier<@Nullable Token> attempt) {
      this.attempt = attempt;
    }

    private void attempt() {
      try {
        Token token = attempt.get();
        if (token != null) {
          ForkJoinPool.commonPool().execute(() -> future.complete(token));
        }
      } catch (CredentialException e) {
        fail(e);
      }
    }

    private void fail(CredentialException why) {
      ForkJoinPool.commonPool().execute(() -> future.completeExceptionally(why));
    }
  }
}
