package dev.perennial.devstack.provider;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What is to go wrong at one provider: changed while requests are served. */
final class Faults implements Breakable {
  private final Deque<Fault> next = new ArrayDeque<>();
  private Duration delay = Duration.ZERO;
  private double probability;
  private RandomGenerator random = new SplittableRandom(0);
  private @Nullable Supplier<Fault> sometimes;

  @Override
  public synchronized void delay(Duration wanted) {
    delay = wanted;
  }

  synchronized Duration delay() {
    return delay;
  }

  @Override
  public synchronized void failNext(int requests, Fault fault) {
    for (int i = 0; i < requests; i++) {
      next.add(fault);
    }
  }

  @Override
  public synchronized void failWithProbability(double wanted, long seed, Fault fault) {
    failWithProbability(wanted, new SplittableRandom(seed), () -> fault);
  }

  @Override
  public synchronized void failWithProbability(
      double wanted, RandomGenerator from, Supplier<Fault> faults) {
    if (!(wanted >= 0 && wanted <= 1)) {
      throw new IllegalArgumentException("not a probability: " + wanted);
    }
    probability = wanted;
    random = from;
    sometimes = faults;
  }

  @Override
  public synchronized void recover() {
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
    return sometimes != null && random.nextDouble() < probability ? sometimes.get() : null;
  }
}
