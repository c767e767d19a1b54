package dev.perennial.client;

import dev.perennial.client.CredentialException.Kind;
import dev.perennial.domain.ConnectionKey;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is done with the end of a future, in the words of this room. */
final class Futures {
  private Futures() {}

  /** Does one or the other once it ends; neither may throw. */
  @SuppressWarnings("FutureReturnValueIgnored") // nothing follows
  static <T extends @Nullable Object> void settle(
      CompletableFuture<T> future, Consumer<T> success, Consumer<Throwable> failure) {
    future.whenComplete((value, problem) -> {
      if (problem == null) {
        success.accept(value);
      } else {
        failure.accept(cause(problem));
      }
    });
  }

  /** Passes the end of one on to another, whose failure is a {@link CredentialException}. */
  static void pass(ConnectionKey key, CompletableFuture<Token> from, CompletableFuture<Token> to) {
    settle(
        from,
        to::complete,
        problem -> to.completeExceptionally(asCredentialException(key, problem)));
  }

  /** The token, or the {@link CredentialException} that there is instead. */
  static Token join(ConnectionKey key, CompletableFuture<Token> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw asCredentialException(key, Objects.requireNonNullElse(e.getCause(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      future.cancel(true);
      throw new CredentialException(
          Kind.NOT_FRESH, key, key + ": interrupted while waiting for its token", e);
    }
  }

  /**
   * The same end, but a failure is a {@link CredentialException}. Where this one is canceled, the
   * given one is.
   *
   * @param late what to say where the time is over
   */
  static CompletableFuture<Token> told(
      ConnectionKey key, CompletableFuture<Token> future, Supplier<CredentialException> late) {
    CompletableFuture<Token> told = new CompletableFuture<>();
    settle(
        future,
        told::complete,
        problem ->
            told.completeExceptionally(
                problem instanceof TimeoutException
                    ? late.get()
                    : asCredentialException(key, problem)));
    settle(told, token -> {}, problem -> future.cancel(true));
    return told;
  }

  static CredentialException asCredentialException(ConnectionKey key, Throwable failure) {
    Throwable cause = cause(failure);
    return cause instanceof CredentialException known
        ? known
        : new CredentialException(
            Kind.UNAVAILABLE, key, key + ": its token cannot be told: " + cause, cause);
  }

  static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
