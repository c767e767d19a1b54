package dev.perennial.app.keys;

import dev.perennial.app.role.KeyTools;
import dev.perennial.credentials.Resealing.Outcome;
import dev.perennial.credentials.SealedItem;
import dev.perennial.domain.UnavailableException;
import dev.perennial.sealing.KeyRing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Seals everything in Redis with the key that seals now, at a bounded rate, and again until a look
 * finds nothing that another key of the ring has sealed. Not thread-safe.
 */
public final class ResealRun {
  private static final Duration TELL = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int SLICES = 10;

  /** Passes that brought nothing before it is given up. */
  private static final int PATIENCE = 120;

  private final KeyTools tools;
  private final KeyRing ring;
  private final Progress progress;
  private final int rate;
  private final Predicate<Duration> stopped;

  private long expected;
  private long resealed;
  private long left;
  private long unopenable;
  private boolean halted;
  private double told;
  private double began;

  /**
   * @param ring whose primary key seals
   * @param rate a second at most
   * @param stopped waits that long, and says whether to give up
   */
  public ResealRun(
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
   * @param resealed sealed anew by this run
   * @param left still sealed with another key of the ring
   * @param unopenable sealed with a key that the ring does not hold
   */
  public record Result(long resealed, long left, long unopenable, double seconds) {
    public boolean isWhole() {
      return left == 0 && unopenable == 0;
    }
  }

  /** Runs to the end, or until it is asked to stop. */
  public Result run() {
    began = progress.seconds();
    told = began;
    KeyUse use = new Inventory(tools).redis();
    expected = use.keyIds().stream().filter(this::isOld).mapToLong(use::total).sum();
    progress.say("%d to seal with key %d, at most %d/s", expected, ring.primaryKeyId(), rate);
    long before = -1;
    for (int idle = 0; !halted && idle < PATIENCE; idle = before == resealed ? idle + 1 : 0) {
      before = resealed;
      if (pass() && left == 0 && before == resealed) {
        break; // a look from the beginning to the end has found nothing
      }
      halted |= stopped.test(PAUSE);
    }
    return new Result(resealed, left, unopenable, progress.seconds() - began);
  }

  private boolean isOld(long id) {
    return id != ring.primaryKeyId() && ring.keyIds().contains(id);
  }

  /** Whether it came to its end. */
  private boolean pass() {
    left = 0;
    unopenable = 0;
    try {
      tools.scan().all(this::page);
      return true;
    } catch (UnavailableException e) { // a shard that is being healed, too
      progress.say("waiting: %s", String.valueOf(e.getMessage()));
      left++;
      return false;
    }
  }

  private void page(List<SealedItem> page) {
    List<SealedItem> old = new ArrayList<>();
    for (SealedItem item : page) {
      long id = KeyRing.keyIdOf(item.sealed()).orElse(KeyUse.NO_KEY);
      if (isOld(id)) {
        old.add(item);
      } else if (id != ring.primaryKeyId()) {
        unopenable++;
      }
    }
    int slice = Math.max(1, rate / SLICES);
    for (int from = 0; from < old.size(); from += slice) {
      reseal(old.subList(from, Math.min(from + slice, old.size())));
    }
  }

  private void reseal(List<SealedItem> some) {
    if (halted) {
      left += some.size();
      return;
    }
    double begin = progress.seconds();
    for (Outcome outcome : tools.resealing().reseal(some)) {
      switch (outcome) {
        case RESEALED -> resealed++;
        case CHANGED -> left++;
        case UNOPENABLE -> unopenable++;
      }
    }
    tell();
    pace(some.size(), progress.seconds() - begin);
  }

  private void pace(int done, double seconds) {
    long wait = Math.round(1000.0 * done / rate - 1000 * seconds);
    if (wait > 0) {
      halted |= stopped.test(Duration.ofMillis(wait));
    }
  }

  private void tell() {
    double now = progress.seconds();
    if (now - told >= TELL.toSeconds()) {
      told = now;
      progress.say("resealed %d of %d, %.0f/s", resealed, expected, resealed / (now - began));
    }
  }
}
