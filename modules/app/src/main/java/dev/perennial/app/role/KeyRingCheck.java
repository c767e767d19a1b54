package dev.perennial.app.role;

import dev.perennial.credentials.KeyHolder;
import dev.perennial.credentials.RedisConnections;
import dev.perennial.credentials.RedisKeyHolders;
import dev.perennial.credentials.SealedItem;
import dev.perennial.credentials.SealedScan;
import dev.perennial.domain.Shards;
import dev.perennial.sealing.KeyRing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a ring is the one that credentials here are sealed with, before anything is done with
 * them: a wrong ring would only fail at each refresh, one connection after the other. Some are
 * looked at, and all of them only where one does not open.
 */
final class KeyRingCheck {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRingCheck.class);

  /** Enough to meet a ring that opens nothing, and a rotation that is under way. */
  private static final int SAMPLE = 1_000;

  private final KeyRing ring;
  private final SealedScan scan;
  private long alive;
  private long unopenable;
  private final Map<String, Long> lacking = new TreeMap<>();

  private KeyRingCheck(KeyRing ring, SealedScan scan) {
    this.ring = ring;
    this.scan = scan;
  }

  /**
   * Looks at what Redis holds and at what the processes say that run already.
   *
   * @return the start is refused while there are any
   * @throws dev.perennial.domain.UnavailableException where Redis does not answer
   */
  static List<String> problems(KeyRing ring, RedisConnections redis, Shards shards) {
    List<String> problems = new ArrayList<>();
    for (KeyHolder other : new RedisKeyHolders(redis, shards).known().holders()) {
      if (!ring.keyIds().contains(other.primary())) {
        problems.add(
            other.process()
                + " seals with key "
                + other.primary()
                + ", which this key ring does not hold (it holds "
                + ring.keyIds()
                + "): give this process the same ring (docs/keys.md)");
        return problems;
      }
    }
    new KeyRingCheck(ring, new SealedScan(redis, shards)).look(problems);
    return problems;
  }

  private void look(List<String> problems) {
    scan.connections(page -> count(page) < SAMPLE);
    if (unopenable == 0) {
      return;
    }
    alive = 0;
    unopenable = 0;
    lacking.clear();
    scan.connections(page -> count(page) >= 0);
    String sentence =
        unopenable
            + " of "
            + alive
            + " connections cannot be opened with this key ring: they are sealed with "
            + lacking.entrySet().stream()
                .map(entry -> "key " + entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "))
            + ", and it holds "
            + ring.keyIds();
    if (unopenable == alive) {
      problems.add(
          sentence
              + ". Nothing was tried and nothing was changed: restore the ring from its backup, or"
              + " accept the loss with perennial keys lost (docs/keys.md)");
    } else {
      LOG.error(
          "{}. Their refreshes fail and harm nothing; give this process the whole ring"
              + " (docs/keys.md)",
          sentence);
    }
  }

  private long count(List<SealedItem> page) {
    for (SealedItem item : page) {
      if (!item.isAlive()) {
        continue;
      }
      alive++;
      if (!ring.knows(item.sealed())) {
        unopenable++;
        var id = KeyRing.keyIdOf(item.sealed());
        lacking.merge(id.isPresent() ? Long.toString(id.getAsLong()) : "?", 1L, Long::sum);
      }
    }
    return alive;
  }
}
