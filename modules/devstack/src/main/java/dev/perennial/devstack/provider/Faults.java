package dev.perennial.devstack.provider;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What is to go wrong at one provider. Thread-safe: it is changed while requests are served. */
final class Faults {
  private final Deque<Fault> next = new ArrayDeque<>();
  private Duration delay = Duration.ZERO;
  private double probability;
  private SplittableRandom random = new SplittableRandom(0);
  private @Nullable Fault sometimes;

  synchronized void delay(Duration wanted) {
    delay = wanted;
  }

  synchronized Duration delay() {
    return delay;
  }

  synchronized void failNext(int requests, Fault fault) {
    for (int i = 0; i < requests; i++) {
      next.add(fault);
    }
  }

  synchronized void failWithProbability(double wanted, long seed, Fault fault) {
    if (!(wanted >= 0 && wanted <= 1)) {
      throw new IllegalArgumentException("not a probability: " + wanted);
    }
    probability = wanted;
    random = new SplittableRandom(seed);
    sometimes = fault;
  }

  synchronized void clear() {
    next.clear();
    delay = Duration.ZERO;
    sometimes = null;
  }

  /** What happens to the request that is being served now, or null. */
  synchronized @Nullable Fault take() {
    Fault planned = next.poll();
    if (planned != null) {
      return planned;
    }
    return sometimes != null && random.nextDouble() < probability ? sometimes : null;
  }
}
