package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Something that starts beside other work, since a process that starts keeps one processor busy and
 * not all of them. Thread-safe.
 */
final class Soon<T extends AutoCloseable> implements AutoCloseable {
  private final FutureTask<T> starting;

  private Soon(Supplier<T> start) {
    this.starting = new FutureTask<>(start::get);
    Thread.ofVirtual().start(starting);
  }

  /**
   * @param start is called once, now, on a thread of its own
   */
  static <T extends AutoCloseable> Soon<T> of(Supplier<T> start) {
    return new Soon<>(start);
  }

  /**
   * Waits until it has started.
   *
   * @throws BedException where it did not
   */
  T get() {
    try {
      return starting.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BedException why
          ? why
          : new BedException("could not be started: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BedException("interrupted while something starts");
    }
  }

  /** Ends it, also where it is still on its way. */
  @Override
  public void close() {
    try {
      get().close();
    } catch (Exception _) {
      // it never started, or its process is gone: nothing is left to end
    }
  }
}
