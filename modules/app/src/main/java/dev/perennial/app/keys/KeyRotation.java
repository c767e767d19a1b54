package dev.perennial.app.keys;

import dev.perennial.app.keys.Holders.Waited;
import dev.perennial.app.role.KeyTools;
import dev.perennial.credentials.KeyHolder;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.RingKey;
import dev.perennial.sealing.RingKey.State;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Brings a new key into use while everything runs. Each step leaves the ring so that every process
 * can open what any other seals: a key is known everywhere before it seals, and seals everywhere
 * before the old one may go. Every step may be repeated, and two at once come to the same end. Not
 * thread-safe.
 */
public final class KeyRotation {

  /** The steps, in their order. */
  public enum Step {
    /** A new key that opens and does not seal yet. */
    ADD,
    /** It seals, once every process knows it. */
    PROMOTE,
    /** What older keys sealed is sealed with it. */
    RESEAL
  }

  private final RingFile file;
  private final KeyTools tools;
  private final Holders holders;
  private final Progress progress;
  private final Duration wait;

  /**
   * @param wait for processes, at most
   */
  public KeyRotation(
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
  }

  /** The key that was added and does not seal yet, where there is one. */
  public static OptionalLong pending(KeyRing ring) {
    RingKey last = ring.keys().get(ring.keys().size() - 1);
    return last.state() == State.ENABLED ? OptionalLong.of(last.id()) : OptionalLong.empty();
  }

  /**
   * Adds a key, or finds the one that an earlier run has added.
   *
   * @return its id
   * @throws Refused where a process holds keys that this ring lacks, or the file cannot be written
   */
  public long add() {
    refuseStrangers();
    long before = pending(file.read()).orElse(-1);
    KeyRing ring =
        file.change(current -> pending(current).isPresent() ? current : current.withNewKey());
    long key = pending(ring).orElseThrow();
    progress.say(
        before == key
            ? "key %d was added before, going on with it"
            : "added key %d: it opens, and does not seal yet",
        key);
    return key;
  }

  /** Somebody has rotated another copy of the ring: two new keys would part the installation. */
  private void refuseStrangers() {
    List<Long> known = file.read().keys().stream().map(RingKey::id).toList();
    List<KeyHolder> strangers =
        holders.all().stream().filter(holder -> !known.containsAll(holder.keyIds())).toList();
    if (!strangers.isEmpty()) {
      throw new Refused(
          "there are processes with keys that this ring does not hold: "
              + Progress.names(strangers)
              + ". Rotate the ring that they have, or give them this one first");
    }
  }

  /**
   * Lets a key seal once every process can open what it seals.
   *
   * @throws Refused where one does not know it in time
   */
  public void promote(long key) {
    if (file.read().primaryKeyId() != key) {
      await("knows key " + key, holder -> holder.keyIds().contains(key));
      var _ = file.change(ring -> ring.primaryKeyId() == key ? ring : ring.withPrimary(key));
      progress.say("key %d is the one to seal with", key);
    }
    if (file.inPlace()) {
      awaitPrimary(key);
    }
  }

  /**
   * Waits until every process seals with the key.
   *
   * @throws Refused where one does not in time
   */
  public void awaitPrimary(long key) {
    await("seals with key " + key, holder -> holder.primary() == key);
  }

  private void await(String what, Predicate<KeyHolder> holds) {
    switch (holders.until(wait, holds, progress)) {
      case Waited.Done(int processes) ->
          progress.say(
              processes == 0 ? "no process runs that one would wait for" : "every process %s (%d)",
              what,
              processes);
      case Waited.Missing(List<KeyHolder> missing) ->
          throw new Refused(
              "not every process "
                  + what
                  + " yet: "
                  + Progress.names(missing)
                  + ". Bring the ring to them and run this again: it goes on from here");
      case Waited.Stopped _ -> throw new Refused("stopped; run it again to go on from here");
    }
  }

  /** Whether Redis holds anything that another key of this ring has sealed. */
  public boolean isUnfinished(KeyRing ring) {
    KeyUse use = new Inventory(tools).redis();
    return ring.keyIds().stream().anyMatch(id -> id != ring.primaryKeyId() && use.total(id) > 0);
  }
}
