package dev.perennial.exchanger;

import dev.perennial.domain.NotReadyException;
import dev.perennial.domain.UnavailableException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Lets a fake's steps fail as real ones do: not reached, or done and not heard. */
final class Outage {
  private final Map<String, Integer> unreached = new ConcurrentHashMap<>();
  private final Map<String, Integer> fenced = new ConcurrentHashMap<>();
  private final Map<String, Integer> unheard = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();

  /** The next calls of this step do nothing and fail. */
  void unreached(String step, int times) {
    unreached.put(step, times);
  }

  /** The next calls of this step do their work and fail. */
  void unheard(String step, int times) {
    unheard.put(step, times);
  }

  /** The next calls of this step do nothing, since the shard waits to be healed. */
  void fenced(String step, int times) {
    fenced.put(step, times);
  }

  /** Every step that was called, in order. */
  List<String> calls() {
    return calls;
  }

  <T> T step(String step, Supplier<T> work) {
    calls.add(step);
    fail(unreached, step);
    if (counts(fenced, step)) {
      throw new NotReadyException(step + " at a fenced shard");
    }
    T result = work.get();
    fail(unheard, step);
    return result;
  }

  void step(String step, Runnable work) {
    step(
        step,
        () -> {
          work.run();
          return true;
        });
  }

  private static void fail(Map<String, Integer> outages, String step) {
    if (counts(outages, step)) {
      throw new UnavailableException(step + " at nowhere");
    }
  }

  private static boolean counts(Map<String, Integer> outages, String step) {
    int left = outages.getOrDefault(step, 0);
    outages.put(step, Math.max(left - 1, 0));
    return left > 0;
  }
}
