package dev.perennial.app.dev;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the demo has seen on the topic. Thread-safe. */
final class DemoCounts {
  private static final int ENOUGH = 2;

  private final Map<Change, Integer> changes = new EnumMap<>(Change.class);
  private final Map<ConnectionKey, Integer> refreshes = new HashMap<>();
  private final Set<ConnectionKey> connections = new HashSet<>();
  private int failedConsents;

  synchronized void updated(CredentialState state) {
    changes.merge(state.change(), 1, Integer::sum);
    connections.add(state.key());
    if (state.change() == Change.REFRESHED) {
      refreshes.merge(state.key(), 1, Integer::sum);
    }
  }

  synchronized void consentFailed() {
    failedConsents++;
  }

  synchronized boolean connected(Collection<ConnectionKey> wanted) {
    return connections.containsAll(wanted);
  }

  synchronized int refreshed() {
    return count(Change.REFRESHED);
  }

  private int count(Change change) {
    return changes.getOrDefault(change, 0);
  }

  private int events() {
    return changes.values().stream().mapToInt(Integer::intValue).sum() + failedConsents;
  }

  private int failed() {
    return count(Change.REFRESH_FAILED) + count(Change.REAUTHORIZATION_REQUIRED) + failedConsents;
  }

  /** The last line of the demo. */
  synchronized String summary(int spentTwice) {
    return "demo: connected=%d refreshed=%d events=%d failed=%d spent_twice=%d"
        .formatted(connections.size(), refreshed(), events(), failed(), spentTwice);
  }

  /**
   * Whether every count is right.
   *
   * @param connections that the demo made itself
   * @param turns how many refreshes each had time for
   * @param granted refreshes that the provider has granted: each must be an event
   * @param replays whether a grant may have been answered twice: then there may be fewer events
   */
  synchronized boolean right(
      Collection<ConnectionKey> connections,
      long turns,
      long granted,
      boolean replays,
      int spentTwice) {
    long wanted = Math.min(ENOUGH, turns);
    return connected(connections)
        && connections.stream().allMatch(key -> refreshes.getOrDefault(key, 0) >= wanted)
        && (refreshed() == granted || (replays && refreshed() < granted))
        && failed() == 0
        && spentTwice == 0;
  }
}
