package dev.perennial.app.role;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Lets people go first. While codes are exchanged, Redis is asked ten times a second; where it is
 * slow to answer, be it that Redis has too much to do or this process, half as many refreshes may
 * run as do, down to a few; where it is quick, an eighth more than do, so that a crowd that comes
 * all at once does not start all at once. While nobody waits, as many run as may. A refresh has
 * minutes where a person has seconds.
 *
 * <p>Slow is more than 10 ms, and where Redis is far away, four times as long as it takes at best.
 */
final class Precedence implements AutoCloseable {
  static final Duration LOOK = Duration.ofMillis(100);
  static final Duration SLOW = Duration.ofMillis(10);
  static final int FEWEST = 8;
  private static final int TIMES = 4;

  /** Looks for which somebody counts as waiting, since codes come and go between two of them. */
  static final int REMEMBERED = 10;

  /**
   * What is looked at and turned.
   *
   * @param codes that are being exchanged
   * @param codesDone since the start
   * @param store asks it something small and waits for the answer
   * @param refreshes that are running
   * @param allow how many may
   */
  record Controls(
      IntSupplier codes,
      LongSupplier codesDone,
      Runnable store,
      IntSupplier refreshes,
      IntConsumer allow) {}

  private final Controls controls;
  private final int most;
  private final LongSupplier nanoTime;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("precedence").unstarted(this::run);
  private int allowed;
  private long seen;
  private int quiet = REMEMBERED;
  private long atBest = Long.MAX_VALUE;

  /**
   * @param most refreshes that may run while nobody waits
   * @param nanoTime as {@link System#nanoTime}
   */
  Precedence(Controls controls, int most, LongSupplier nanoTime) {
    this.controls = controls;
    this.most = most;
    this.nanoTime = nanoTime;
    this.allowed = most;
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!Waiting.forStop(stop, LOOK)) {
        look();
      }
    } finally {
      controls.allow.accept(most); // nothing is held back by whoever does not look
    }
  }

  /** One look. For one thread. */
  void look() {
    int before = allowed;
    allowed = somebodyWaits() ? afterAsking() : most;
    if (allowed != before) {
      controls.allow.accept(allowed);
    }
  }

  private boolean somebodyWaits() {
    long done = controls.codesDone.getAsLong();
    boolean now = controls.codes.getAsInt() > 0 || done != seen;
    seen = done;
    quiet = now ? 0 : quiet + 1;
    return quiet < REMEMBERED;
  }

  private int afterAsking() {
    long began = nanoTime.getAsLong();
    controls.store.run();
    long took = nanoTime.getAsLong() - began;
    atBest = Math.min(atBest, took);
    int running = Math.min(allowed, controls.refreshes.getAsInt());
    return took > Math.max(SLOW.toNanos(), TIMES * atBest)
        ? Math.max(FEWEST, running / 2)
        : Math.min(most, running + Math.max(FEWEST, running / 8));
  }

  @Override
  public void close() {
    stop.countDown();
    Waiting.forEnd(thread);
  }
}
