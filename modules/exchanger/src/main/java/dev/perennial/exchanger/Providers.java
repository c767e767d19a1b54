package dev.perennial.exchanger;

import dev.perennial.domain.definition.Integration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * What this process has learnt of each provider from its answers: whether it lives, and which of
 * several secrets it takes. Shared by all handlers of a process, kept in memory only. Thread-safe.
 */
public final class Providers {
  private final Map<String, Health> health = new ConcurrentHashMap<>();
  private final Map<String, Integer> secrets = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final ExchangeListener listener;

  public Providers(InstantSource clock) {
    this(clock, ExchangeListener.NONE);
  }

  /**
   * @param listener hears of circuit breakers
   */
  public Providers(InstantSource clock, ExchangeListener listener) {
    this.clock = clock;
    this.listener = listener;
  }

  Health health(String integration) {
    return health.computeIfAbsent(integration, name -> new Health(name, clock, listener));
  }

  /** All choices of a secret: the one that was taken last comes first, the others in order. */
  int[] secretChoices(Integration integration) {
    int known = secrets.getOrDefault(integration.slug(), 0);
    int all = Math.max(1, integration.secretChoices());
    int first = known < all ? known : 0;
    return IntStream.concat(
            IntStream.of(first), IntStream.range(0, all).filter(choice -> choice != first))
        .toArray();
  }

  /** This one was taken. */
  void taken(Integration integration, int choice) {
    if (integration.secretChoices() > 1) {
      secrets.put(integration.slug(), choice);
    }
  }
}
