package dev.perennial.app.keys;

import dev.perennial.app.keys.Holders.Waited;
import dev.perennial.app.role.KeyTools;
import dev.perennial.credentials.KeyHolder;
import dev.perennial.sealing.KeyRing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Takes a key out of use: disabled first, which can be undone, then removed. Refused while anything
 * still needs it. Not thread-safe.
 */
public final class KeyRetirement {
  private final RingFile file;
  private final KeyTools tools;
  private final Holders holders;
  private final Progress progress;
  private final Duration wait;
  private final Predicate<Duration> stopped;

  public KeyRetirement(
      RingFile file,
      KeyTools tools,
      Progress progress,
      Duration wait,
      Predicate<Duration> stopped) {
    this.file = file;
    this.tools = tools;
    this.holders = new Holders(tools.holders(), stopped, System::nanoTime);
    this.progress = progress;
    this.wait = wait;
    this.stopped = stopped;
  }

  /**
   * Disables keys, and waits until every process has let go of them.
   *
   * @throws Refused where one of them is needed
   */
  public void disable(List<Long> keys) {
    KeyRing ring = file.read();
    refuseUnlessSealing(ring.primaryKeyId());
    awaitQuiet();
    refuseWhileNeeded(keys);
    change(current -> fold(current, keys, KeyRing::withDisabled));
    progress.say("disabled %s", keys);
    if (file.inPlace()) {
      awaitLetGo(keys);
    }
  }

  /**
   * Removes disabled keys for good.
   *
   * @throws Refused where one of them is needed
   */
  public void remove(List<Long> keys) {
    refuseWhileNeeded(keys);
    change(current -> fold(current, keys, KeyRing::without));
    progress.say("removed %s", keys);
  }

  /** Lets disabled keys open again. */
  public void enable(List<Long> keys) {
    change(current -> fold(current, keys, KeyRing::withEnabled));
    progress.say("enabled %s", keys);
  }

  private interface Change {
    KeyRing apply(KeyRing ring, long key);
  }

  private static KeyRing fold(KeyRing ring, List<Long> keys, Change change) {
    KeyRing changed = ring;
    for (long key : keys) {
      changed = change.apply(changed, key);
    }
    return changed;
  }

  private void refuseUnlessSealing(long primary) {
    List<KeyHolder> others =
        holders.all().stream().filter(holder -> holder.primary() != primary).toList();
    if (!others.isEmpty()) {
      throw new Refused(
          "not every process seals with key "
              + primary
              + ": "
              + Progress.names(others)
              + ". Bring the ring to them first");
    }
  }

  /** What was sealed before the last process took the new key up may still be on its way. */
  private void awaitQuiet() {
    Duration left = holders.quiet(tools.underWay());
    if (left.isZero()) {
      return;
    }
    if (left.compareTo(wait) > 0) {
      throw new Refused(
          "answers that were sealed with the old key may be under way for another "
              + left.toSeconds()
              + " s; run it again then");
    }
    progress.say("answers may be under way for another %d s", left.toSeconds() + 1);
    if (stopped.test(left)) {
      throw new Refused("stopped; nothing has changed");
    }
  }

  private void refuseWhileNeeded(List<Long> keys) {
    KeyUse use = new Inventory(tools).needed();
    List<String> needs = new ArrayList<>();
    for (long key : keys) {
      if (use.total(key) > 0) {
        needs.add("key " + key + " is still needed: " + use.inWords(key));
      }
    }
    if (!needs.isEmpty()) {
      throw new Refused(
          String.join(System.lineSeparator(), needs)
              + System.lineSeparator()
              + "Seal them anew with perennial keys rotate --step reseal; what is on grant-journal"
              + " and code-received is needed until the roles have worked it off");
    }
  }

  private void awaitLetGo(List<Long> keys) {
    Predicate<KeyHolder> without =
        holder -> keys.stream().noneMatch(key -> holder.keyIds().contains(key));
    switch (holders.until(wait, without, progress)) {
      case Waited.Done(int processes) ->
          progress.say("no process opens with them any more (%d)", processes);
      case Waited.Missing(List<KeyHolder> missing) ->
          throw new Refused(
              "disabled, but still held by "
                  + Progress.names(missing)
                  + ". Nothing is wrong with that: they let go with the ring that is there now");
      case Waited.Stopped _ -> throw new Refused("stopped; they are disabled");
    }
  }

  private void change(UnaryOperator<KeyRing> change) {
    try {
      var _ = file.change(change);
    } catch (IllegalArgumentException e) {
      throw new Refused(e.getMessage() + "; perennial keys list shows the ring");
    }
  }
}
