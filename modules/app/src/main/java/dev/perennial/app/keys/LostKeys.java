package dev.perennial.app.keys;

import dev.perennial.app.role.KeyTools;
import dev.perennial.credentials.SealedItem;
import dev.perennial.sealing.KeyRing;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * Accepts that a key is lost: what it sealed and lives becomes {@code reauthorization_required}, so
 * that its user is asked for a new consent. Not thread-safe.
 */
public final class LostKeys {
  private final KeyTools tools;
  private final KeyRing ring;
  private final Progress progress;
  private final int rate;
  private final Predicate<Duration> stopped;

  private long found;
  private long givenUp;
  private boolean halted;

  public LostKeys(
      KeyTools tools, KeyRing ring, Progress progress, int rate, Predicate<Duration> stopped) {
    this.tools = tools;
    this.ring = ring;
    this.progress = progress;
    this.rate = rate;
    this.stopped = stopped;
  }

  /**
   * What came of it.
   *
   * @param found living connections that the ring cannot open
   * @param givenUp of those, by this run
   */
  public record Result(long found, long givenUp, boolean stopped) {}

  /** Counts alone. */
  public Result look() {
    tools
        .scan()
        .connections(page -> {
          found += page.stream().filter(this::isLost).count();
          return true;
        });
    return new Result(found, 0, false);
  }

  /** Gives them up. */
  public Result giveUp() {
    tools.scan().connections(this::page);
    return new Result(found, givenUp, halted);
  }

  private boolean page(List<SealedItem> page) {
    for (SealedItem item : page) {
      if (isLost(item) && !halted) {
        found++;
        long key = KeyRing.keyIdOf(item.sealed()).orElse(KeyUse.NO_KEY);
        givenUp += tools.resealing().giveUp(item, "sealed with key " + key) ? 1 : 0;
        if (givenUp > 0 && givenUp % rate == 0) {
          progress.say("gave up %d connections", givenUp);
          halted = stopped.test(Duration.ofSeconds(1));
        }
      }
    }
    return !halted;
  }

  private boolean isLost(SealedItem item) {
    return item.isAlive() && !ring.knows(item.sealed());
  }
}
