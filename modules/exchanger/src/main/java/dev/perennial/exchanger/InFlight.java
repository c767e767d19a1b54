package dev.perennial.exchanger;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * How many refreshes of one integration run at once: one hanging provider takes its own places and
 * nobody else's. Thread-safe.
 */
final class InFlight {
  private final Map<String, Semaphore> places = new ConcurrentHashMap<>();
  private final int most;

  InFlight(int most) {
    this.most = most;
  }

  /** Takes a place if one is free, never waits. */
  boolean enter(String integration) {
    return of(integration).tryAcquire();
  }

  /** Gives back what a successful {@link #enter} took. */
  void leave(String integration) {
    of(integration).release();
  }

  /** How many run, of each integration that has some. */
  Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    places.forEach((integration, free) -> counts.put(integration, most - free.availablePermits()));
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  private Semaphore of(String integration) {
    return places.computeIfAbsent(integration, _ -> new Semaphore(most));
  }
}
