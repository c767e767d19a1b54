package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.refresh.Backoff;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How long connections that found no place stay away: twice as long each time, up to half a minute,
 * so that a crowd does not spend its time on asking. Thread-safe.
 */
final class Crowd {
  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration MOST = Duration.ofSeconds(30);

  /** Those that have been away longest are forgotten first, and begin anew. */
  private static final int REMEMBERED = 100_000;

  private final Backoff backoff;

  @SuppressWarnings("serial") // never written anywhere
  private final Map<ConnectionKey, Integer> sentAway =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ConnectionKey, Integer> eldest) {
          return size() > REMEMBERED;
        }
      };

  Crowd(RandomGenerator random) {
    this.backoff = new Backoff(FIRST, MOST, random);
  }

  /** Once more without a place. */
  synchronized Duration away(ConnectionKey key) {
    int before = sentAway.getOrDefault(key, 0);
    sentAway.put(key, before + 1);
    return backoff.after(before);
  }

  /** It found one. */
  synchronized void in(ConnectionKey key) {
    sentAway.remove(key);
  }
}
