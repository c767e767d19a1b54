package dev.perennial.app.cli;

import dev.perennial.app.audit.Action;
import dev.perennial.app.keys.KeyRotation;
import dev.perennial.app.keys.KeyRotation.Step;
import dev.perennial.app.keys.ResealRun;
import dev.perennial.sealing.KeyRing;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code perennial keys rotate}. */
@Command(
    name = "rotate",
    description = {
      "Bring a new key into use while everything runs, and seal everything stored with it.",
      "Three steps: add (a key that opens and does not seal yet), promote (it seals, once every"
          + " process knows it), reseal (Redis, and the last record of each connection on"
          + " credentials-updated). Between them it waits until every process has taken up the"
          + " changed ring, and names those that have not.",
      "It may be stopped and run again at any time, and goes on where it was. The old key goes on"
          + " opening until perennial keys retire.",
      "Pipelines that open tokens with a ring of their own are not waited for: give them the ring"
          + " after --step add."
    })
final class KeysRotateCommand implements Callable<Integer> {
  private final PerennialCommand top;

  @Mixin private KeyRingOptions options = new KeyRingOptions();

  @Option(
      names = "--step",
      paramLabel = "STEP",
      description = "Take this step alone: add, promote or reseal. Default: all of them.",
      converter = StepConverter.class)
  private @Nullable Step step;

  KeysRotateCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    return options.run(top, Action.KEY_RING_ROTATE, this::rotate);
  }

  private int rotate(KeyRingOptions.Work work) {
    KeyRotation rotation =
        new KeyRotation(
            work.file(), work.tools(), work.progress(), work.patience(), work.stopped());
    if (step == null) {
      return all(work, rotation);
    }
    return switch (step) {
      case ADD -> {
        long key = add(rotation);
        next(work, "added: key=" + key, "perennial keys rotate --step promote");
        yield 0;
      }
      case PROMOTE -> {
        long key = pending(work.ring());
        promote(rotation, key);
        next(work, "promoted: key=" + key, "perennial keys rotate --step reseal");
        yield 0;
      }
      case RESEAL -> reseal(work, rotation);
    };
  }

  /** The one that waits to be promoted, or the one that was. */
  private static long pending(KeyRing ring) {
    return KeyRotation.pending(ring).orElse(ring.primaryKeyId());
  }

  private int all(KeyRingOptions.Work work, KeyRotation rotation) {
    if (!work.file().inPlace()) {
      throw new CommandFailure(
          "the ring cannot be changed where the processes read it: take the steps one by one,"
              + " --step add, promote, reseal, each with --out FILE, and put the file in place"
              + " after each (docs/keys.md)");
    }
    KeyRing ring = work.ring();
    if (KeyRotation.pending(ring).isEmpty() && rotation.isUnfinished(ring)) {
      work.progress()
          .say("an earlier rotation is not finished: going on with key %d", ring.primaryKeyId());
    } else {
      promote(rotation, add(rotation));
    }
    return reseal(work, rotation);
  }

  private static long add(KeyRotation rotation) {
    long key = rotation.add();
    tell(key);
    return key;
  }

  private static void promote(KeyRotation rotation, long key) {
    rotation.promote(key);
    tell(key);
  }

  /** Each step changes what is sealed with what. */
  private static void tell(long key) {
    CommandAudit.tell(Action.KEY_RING_ROTATE, Long.toString(key));
  }

  private int reseal(KeyRingOptions.Work work, KeyRotation rotation) {
    KeyRing ring = work.ring();
    rotation.awaitPrimary(ring.primaryKeyId());
    ResealRun.Result result =
        new ResealRun(work.tools(), ring, work.progress(), work.rate(), work.stopped()).run();
    tell(ring.primaryKeyId());
    work.progress()
        .line(
            "rotated: key=%d resealed=%d left=%d unopenable=%d seconds=%.1f",
            ring.primaryKeyId(),
            result.resealed(),
            result.left(),
            result.unopenable(),
            result.seconds());
    if (result.left() > 0) {
      work.progress().line("not all is sealed with it yet: run this again to go on");
    } else if (result.unopenable() > 0) {
      work.progress()
          .line("some is sealed with keys that are not in this ring: perennial keys list");
    } else {
      work.progress().line("next: perennial keys retire");
    }
    return result.isWhole() ? 0 : 1;
  }

  private static void next(KeyRingOptions.Work work, String done, String next) {
    work.progress().line("%s", done);
    if (!work.file().inPlace()) {
      work.progress()
          .line(
              "put %s in place of the ring of every process; where it is in the environment,"
                  + " restart them one after the other",
              String.valueOf(work.file().to()));
    }
    work.progress().line("next: %s", next);
  }
}
