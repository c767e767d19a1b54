package dev.perennial.app.console.change;

import dev.perennial.domain.ConnectionKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The last changes that this process saw, at most so many in total and so many of a connection; the
 * oldest go first. What was read back at the start is held until all of it is there, then numbered
 * by time. Thread-safe.
 */
public final class RecentChanges {
  /** In total; also what is read back at the start at most. */
  public static final int MOST = 20_000;

  /** Of one connection. */
  public static final int MOST_OF_ONE = 50;

  private final int most;
  private final int mostOfOne;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final TreeMap<Long, SeenChange> all = new TreeMap<>(); // by number, under the lock
  private final Map<ConnectionKey, Deque<Long>> ofOne = new HashMap<>(); // under the lock
  private @Nullable List<SeenChange> back = new ArrayList<>(); // under the lock; null: caught up
  private long last; // under the lock
  private boolean closed; // under the lock

  public RecentChanges() {
    this(MOST, MOST_OF_ONE);
  }

  RecentChanges(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  void add(SeenChange change) {
    lock.lock();
    try {
      if (back != null) {
        back.add(change);
      } else {
        keep(change);
        news.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What was read back is all there. */
  void caughtUp() {
    lock.lock();
    try {
      List<SeenChange> read = back == null ? List.of() : back;
      back = null;
      read.stream().sorted(Comparator.comparing(SeenChange::at)).forEach(this::keep);
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void keep(SeenChange change) {
    last++;
    all.put(last, change.numbered(last));
    Deque<Long> own = ofOne.computeIfAbsent(change.key(), _ -> new ArrayDeque<>());
    own.addLast(last);
    if (own.size() > mostOfOne) {
      all.remove(own.removeFirst());
    }
    if (all.size() > most) {
      forget(Objects.requireNonNull(all.remove(all.firstKey())));
    }
  }

  /** The oldest of all is the oldest of its connection too. */
  private void forget(SeenChange oldest) {
    Deque<Long> own = ofOne.get(oldest.key());
    if (own != null) {
      own.removeFirst();
      if (own.isEmpty()) {
        ofOne.remove(oldest.key());
      }
    }
  }

  /** Whether what was to be read back at the start is there. */
  public boolean isReady() {
    lock.lock();
    try {
      return back == null;
    } finally {
      lock.unlock();
    }
  }

  /** Of one connection, the newest first. */
  public List<SeenChange> of(ConnectionKey key) {
    lock.lock();
    try {
      List<SeenChange> own = new ArrayList<>();
      ofOne
          .getOrDefault(key, new ArrayDeque<>())
          .forEach(it -> own.add(Objects.requireNonNull(all.get(it))));
      Collections.reverse(own);
      return own;
    } finally {
      lock.unlock();
    }
  }

  /** The newest first, at most so many. */
  public List<SeenChange> newest(int wanted, Predicate<SeenChange> which) {
    lock.lock();
    try {
      return all.descendingMap().values().stream().filter(which).limit(wanted).toList();
    } finally {
      lock.unlock();
    }
  }

  /** The number of the newest; 0 where there is none. */
  public long last() {
    lock.lock();
    try {
      return last;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What came after a number.
   *
   * @param changes the oldest first
   * @param lost some that came after it are not kept any more
   * @param closed no more will come
   */
  public record News(List<SeenChange> changes, boolean lost, boolean closed) {}

  /**
   * Waits for what comes after a number, for as long as it takes or the patience lasts.
   *
   * @param most of them at a time
   * @throws InterruptedException where the thread is
   */
  public News after(long number, int most, Duration patience) throws InterruptedException {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (!closed && last <= number && left > 0) {
        left = news.awaitNanos(left);
      }
      List<SeenChange> changes = all.tailMap(number, false).values().stream().limit(most).toList();
      boolean lost = number + changes.size() < last && isLost(number, changes);
      return new News(changes, lost, closed);
    } finally {
      lock.unlock();
    }
  }

  private static boolean isLost(long number, List<SeenChange> changes) {
    return changes.isEmpty() || changes.getFirst().number() > number + 1;
  }

  /** Nobody waits any longer, now and later. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
