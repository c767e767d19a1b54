package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.definition.RateLimit;
import dev.perennial.domain.refresh.RateLimits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Says what a test has told it to say, then that there is room. */
final class TestLimits implements RateLimits {
  private final Deque<Duration> waits = new ArrayDeque<>();
  final Set<String> permits = new HashSet<>();
  int asked;
  Runnable onTake = () -> {};

  synchronized void next(Duration... more) {
    for (Duration wait : more) {
      waits.add(wait);
    }
  }

  @Override
  public synchronized Duration take(ConnectionKey key, RateLimit limit, String permit) {
    asked++;
    permits.add(permit);
    onTake.run();
    return waits.isEmpty() ? Duration.ZERO : waits.remove();
  }
}
