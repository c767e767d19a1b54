package dev.perennial.credentials;

import dev.perennial.domain.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One run of a connection's script, which is answered once. Asked for by one thread and answered by
 * another one.
 */
final class Step {
  private final Script script;
  private final int shard;
  private final List<byte[]> keys;
  private final List<byte[]> args;
  private final CompletableFuture<Reply> answer = new CompletableFuture<>();
  private final AtomicBoolean taken = new AtomicBoolean();

  /**
   * @param keys the connection's hash and the shard's
   * @param args what the shard's keys start with, the connection key, and the script's own
   */
  Step(Script script, int shard, List<byte[]> keys, List<byte[]> args) {
    this.script = script;
    this.shard = shard;
    this.keys = keys;
    this.args = args;
  }

  Script script() {
    return script;
  }

  int shard() {
    return shard;
  }

  List<byte[]> keys() {
    return keys;
  }

  List<byte[]> args() {
    return args;
  }

  /** To be sent now; false where it is not wanted any more, or sent already. */
  boolean take() {
    return taken.compareAndSet(false, true);
  }

  void answered(Reply reply) {
    answer.complete(reply);
  }

  /** Does nothing where it has its answer. */
  void failed(RuntimeException why) {
    answer.completeExceptionally(why);
  }

  /** The answer of a step that has one. */
  Reply answer() {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw asIs(e.getCause());
    }
  }

  /**
   * Waits for the answer.
   *
   * @param patience for how long it may wait to be sent; what was sent is waited for
   * @throws UnavailableException where it was not sent by then, or the thread was interrupted; sent
   *     or not, nobody hears of it then
   */
  Reply await(Duration patience) {
    try {
      return awaited(patience);
    } catch (ExecutionException e) {
      throw asIs(e.getCause());
    } catch (InterruptedException e) {
      take();
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while Redis was asked", e);
    }
  }

  private Reply awaited(Duration patience) throws InterruptedException, ExecutionException {
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      if (take()) {
        throw new UnavailableException("Redis does not answer: too many wait for it", e);
      }
      return answer.get();
    }
  }

  private static RuntimeException asIs(@Nullable Throwable cause) {
    return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }
}
