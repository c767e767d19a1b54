package dev.perennial.prove.nemesis;

import dev.perennial.app.dev.worker.WorkerProcess;
import dev.perennial.prove.guarantee.Disturbance.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rolls the workers over from an older version of the program to this one, back, and over again:
 * one worker after the other by SIGTERM, always in the same order, so that each role meets the
 * others in both versions. Questions may be asked from any thread.
 */
public final class RollingUpgrade {
  private static final Duration DRAIN = Duration.ofSeconds(15);
  private static final Duration BACK = Duration.ofSeconds(90);
  private static final int ROLLS = 3;

  /** Who ran when a refresh was granted. */
  private enum Pool {
    OLD,
    MIXED,
    NEW
  }

  private final List<WorkerProcess> workers;
  private final String older;
  private final FaultLog log;
  private final Consumer<String> says;
  private final LongSupplier refreshes;
  private final CountDownLatch called = new CountDownLatch(1);
  private final Set<String> upgraded = new HashSet<>();
  private final Map<Pool, Long> granted = new EnumMap<>(Pool.class);
  private long counted;
  private int switched;

  /**
   * @param older class path of the older version
   * @param says told in a line each what is done
   * @param refreshes how many have been granted so far
   */
  public RollingUpgrade(
      List<WorkerProcess> workers,
      String older,
      FaultLog log,
      Consumer<String> says,
      LongSupplier refreshes) {
    this.workers = new ArrayList<>(workers);
    this.older = older;
    this.log = log;
    this.says = says;
    this.refreshes = refreshes;
  }

  /** Every worker that is started from now on is of the older version. */
  public void beginOld() {
    workers.forEach(worker -> worker.program(older));
  }

  /**
   * Over, back, and over again.
   *
   * @param length how long it takes at least; the workers stay as they are in equal parts of it
   */
  public void run(Duration length) {
    Duration stay = length.dividedBy(ROLLS * (long) workers.size() + 1);
    for (int roll = 0; roll < ROLLS; roll++) {
      for (WorkerProcess worker : workers) {
        if (pause(stay)) {
          return;
        }
        change(worker, roll % 2 == 0 ? null : older);
      }
    }
    pause(stay);
    count();
  }

  private void change(WorkerProcess worker, @Nullable String classPath) {
    worker.lock().lock();
    try (FaultLog.Entry _ = log.begin(Kind.WORKER_RESTARTED, worker.name())) {
      count();
      if (!worker.terminate(DRAIN)) {
        log.begin(Kind.WORKER_KILLED, worker.name()).close();
        says.accept(worker.name() + " did not drain: killed");
      }
      worker.program(classPath);
      worker.start();
      boolean back = worker.awaitStarted(BACK);
      note(worker, classPath == null, back);
    } finally {
      worker.lock().unlock();
    }
  }

  private synchronized void note(WorkerProcess worker, boolean isNew, boolean back) {
    if (isNew) {
      upgraded.add(worker.name());
    } else {
      upgraded.remove(worker.name());
    }
    switched += back ? 1 : 0;
    says.accept(
        "%s runs the %s version%s (%d old, %d new); %d refreshes so far"
            .formatted(
                worker.name(),
                isNew ? "new" : "old",
                back ? "" : ", or does not start",
                workers.size() - upgraded.size(),
                upgraded.size(),
                refreshes.getAsLong()));
  }

  private synchronized void count() {
    Pool pool =
        upgraded.isEmpty() ? Pool.OLD : upgraded.size() == workers.size() ? Pool.NEW : Pool.MIXED;
    long now = refreshes.getAsLong();
    granted.merge(pool, now - counted, Long::sum);
    counted = now;
  }

  /** Whether every worker was rolled over, back, and over again, and came up each time. */
  public synchronized boolean whole() {
    return switched == ROLLS * workers.size();
  }

  /** What is going on is brought to its end, and no more is begun. */
  public void stop() {
    called.countDown();
  }

  /** True where it was called off. */
  private boolean pause(Duration length) {
    try {
      return called.await(length.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** In one line, for a machine too. */
  @Override
  public synchronized String toString() {
    return "upgrade: switched=%d of %d refreshes_old=%d refreshes_mixed=%d refreshes_new=%d"
        .formatted(
            switched,
            ROLLS * workers.size(),
            granted.getOrDefault(Pool.OLD, 0L),
            granted.getOrDefault(Pool.MIXED, 0L),
            granted.getOrDefault(Pool.NEW, 0L));
  }
}
