package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.refresh.Backoff;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a step in place while what it stands on is away: for steps that a new run of the handler
 * could not make up for, because only this run knows what happened. Ends early when the handler
 * closes or its thread is interrupted. Thread-safe.
 */
class Insistence implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Insistence.class);

  // Short at most: once the store is back, we must be there before anybody begins a probe.
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration MOST = Duration.ofSeconds(1);

  private final CountDownLatch closing = new CountDownLatch(1);
  private final Backoff backoff;

  Insistence(RandomGenerator random) {
    this.backoff = new Backoff(FIRST, MOST, random);
  }

  /**
   * Repeats the step until it is done.
   *
   * @throws UnavailableException the last one, where it had to give up
   */
  <T> T until(ConnectionKey key, String what, Supplier<T> step) {
    return repeat(key, what, step, _ -> true);
  }

  /**
   * Repeats the step until it is done or the deadline is over. A healing is not waited for: the
   * step did not happen, and who knows how long it takes.
   *
   * @throws UnavailableException the last one, where it had to give up
   */
  <T> T within(Deadline deadline, ConnectionKey key, String what, Supplier<T> step) {
    return repeat(key, what, step, e -> !(e instanceof NotReadyException) && !deadline.over());
  }

  private <T> T repeat(
      ConnectionKey key,
      String what,
      Supplier<T> step,
      Predicate<UnavailableException> worthwhile) {
    for (int failures = 0; ; failures++) {
      try {
        return step.get();
      } catch (UnavailableException e) {
        if (!worthwhile.test(e)) {
          throw e;
        }
        LOG.warn("{}: {} failed, will be tried again: {}", key, what, e.getMessage());
        if (!pause(backoff.after(failures))) {
          throw e;
        }
      }
    }
  }

  /** Waits; false at once where it is time to stop. */
  boolean pause(Duration length) {
    try {
      return !closing.await(length.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    closing.countDown();
  }
}
