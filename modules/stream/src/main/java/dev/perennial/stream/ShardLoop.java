package dev.perennial.stream;

import dev.perennial.domain.UnavailableException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Does one piece of work for each shard that is ours, again and again, on one thread of its own.
 *
 * <p>Invariants: a shard is asked for anew before each piece of work, so none is worked on much
 * longer than it is ours; a round visits each shard once, so that a busy one does not starve the
 * others; a round that left something goes on at once, any other waits for the tick; an outage is
 * said once when it comes and once when it goes, with growing pauses in between.
 */
public final class ShardLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardLoop.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** What is done for a shard. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does a bounded piece of work.
     *
     * @return whether there may be more to do at once
     */
    boolean run(int shard);
  }

  private final String name;
  private final Supplier<Set<Integer>> owned;
  private final Duration tick;
  private final Work work;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private Duration pause = Duration.ZERO;

  private ShardLoop(String name, Supplier<Set<Integer>> owned, Duration tick, Work work) {
    this.name = name;
    this.owned = owned;
    this.tick = tick;
    this.work = work;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::loop);
  }

  /**
   * Begins at once.
   *
   * @param name of the role, for the thread and the log
   * @param owned asked before each piece of work
   * @param tick pause between two rounds that left nothing to do, 1 ms or more
   */
  public static ShardLoop start(
      String name, Supplier<Set<Integer>> owned, Duration tick, Work work) {
    ShardLoop loop = new ShardLoop(name, owned, tick, work);
    loop.thread.start();
    return loop;
  }

  private void loop() {
    MDC.put("role", name);
    Duration next = Duration.ZERO;
    while (!stopped(next)) {
      next = attemptRound();
    }
  }

  /** Waits, and says whether to stop. */
  private boolean stopped(Duration wait) {
    try {
      return stop.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** One round, and how long to wait after it. */
  private Duration attemptRound() {
    try {
      boolean more = round();
      if (!pause.isZero()) {
        LOG.info("{} goes on", name);
        pause = Duration.ZERO;
      }
      return more ? Duration.ZERO : tick;
    } catch (UnavailableException e) {
      return paused("{} waits: {}", e.getMessage(), null);
    } catch (RuntimeException e) {
      return paused("{} failed and tries again: {}", e.toString(), e);
    }
  }

  /** A shard that fails does not hold up those behind it; its failure is thrown at the end. */
  private boolean round() {
    boolean more = false;
    RuntimeException failure = null;
    for (int shard : owned.get()) {
      try {
        if (stop.getCount() > 0 && owned.get().contains(shard)) {
          more |= worked(shard);
        }
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return more;
  }

  private boolean worked(int shard) {
    try (MDC.MDCCloseable _ = MDC.putCloseable("shard", Integer.toString(shard))) {
      return work.run(shard);
    }
  }

  private Duration paused(String format, @Nullable String what, @Nullable RuntimeException fault) {
    if (pause.isZero() || fault != null) {
      LOG.warn(format, name, what, fault);
    }
    Duration doubled = pause.isZero() ? tick : pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    return pause;
  }

  /** Begins no more work and waits for the piece that runs. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
