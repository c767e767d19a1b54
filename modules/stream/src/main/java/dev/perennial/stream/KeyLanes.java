package dev.perennial.stream;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which record may start next. Pure and not thread-safe.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>At most one record of a key is out (given by {@link #next()}, not yet {@link #done}).
 *   <li>The records of a key go out in the order they were added.
 *   <li>At most {@code permits} records are out.
 *   <li>Keys with waiting records take turns, so a busy key does not starve the others.
 *   <li>A key with nothing waiting and nothing out has no lane.
 * </ol>
 */
final class KeyLanes<R> {

  private static final class Lane<R> {
    final Queue<R> waiting = new ArrayDeque<>();
    boolean out;

    boolean ready() {
      return !out && !waiting.isEmpty();
    }

    boolean idle() {
      return !out && waiting.isEmpty();
    }
  }

  private final int permits;
  private final Map<String, Lane<R>> lanes = new HashMap<>();

  /** Exactly the lanes that are ready, in the order they became so. */
  private final Queue<Lane<R>> ready = new ArrayDeque<>();

  private int out;

  KeyLanes(int permits) {
    this.permits = permits;
  }

  void add(String key, R record) {
    Lane<R> lane = lanes.computeIfAbsent(key, _ -> new Lane<>());
    boolean wasReady = lane.ready();
    lane.waiting.add(record);
    if (!wasReady && lane.ready()) {
      ready.add(lane);
    }
  }

  /** A record that may start now; null where none may. */
  @Nullable R next() {
    Lane<R> lane = out == permits ? null : ready.poll();
    if (lane == null) {
      return null;
    }
    lane.out = true;
    out++;
    return lane.waiting.remove();
  }

  /**
   * The record of this key that was out has ended.
   *
   * @throws IllegalStateException where none was out
   */
  void done(String key) {
    Lane<R> lane = lanes.get(key);
    if (lane == null || !lane.out) {
      throw new IllegalStateException("no record of this key is out");
    }
    lane.out = false;
    out--;
    if (lane.ready()) {
      ready.add(lane);
    } else {
      lanes.remove(key);
    }
  }

  /** Forgets waiting records; those that are out stay out. */
  void drop(Predicate<R> which) {
    lanes.values().forEach(lane -> lane.waiting.removeIf(which));
    ready.removeIf(lane -> !lane.ready());
    lanes.values().removeIf(Lane::idle);
  }

  int out() {
    return out;
  }

  int lanes() {
    return lanes.size();
  }
}
