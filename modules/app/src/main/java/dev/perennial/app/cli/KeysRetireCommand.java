package dev.perennial.app.cli;

import dev.perennial.app.audit.Action;
import dev.perennial.app.keys.KeyRetirement;
import dev.perennial.app.keys.KeyRotation;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.RingKey;
import dev.perennial.sealing.RingKey.State;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code perennial keys retire}. */
@Command(
    name = "retire",
    description = {
      "Take old keys out of use: disabled first, then, with --remove, deleted from the ring.",
      "Refused while anything in Redis or on the topics still needs them, with what and how many."
          + " A disabled key opens nothing and can be brought back with perennial keys enable; a"
          + " removed one is only in your backups.",
      "Keep a backup of the ring that holds it for as long as you keep backups of Redis and Kafka."
    })
final class KeysRetireCommand implements Callable<Integer> {
  private final PerennialCommand top;

  @Mixin private KeyRingOptions options = new KeyRingOptions();

  @Parameters(
      arity = "0..*",
      paramLabel = "KEY",
      description =
          "Ids of keys. Default: every key but the one that seals and the one that waits to; with"
              + " --remove every disabled one.")
  private List<Long> keys = List.of();

  @Option(names = "--remove", description = "Delete disabled keys from the ring, for good.")
  private boolean remove;

  KeysRetireCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    return options.run(top, Action.KEY_RING_RETIRE, this::retire);
  }

  private int retire(KeyRingOptions.Work work) {
    List<Long> chosen = keys.isEmpty() ? old(work.ring()) : keys;
    if (chosen.isEmpty()) {
      work.progress().line("retired: keys=0 (there is nothing to retire)");
      return 0;
    }
    KeyRetirement retirement =
        new KeyRetirement(
            work.file(), work.tools(), work.progress(), work.patience(), work.stopped());
    if (remove) {
      retirement.remove(chosen);
      CommandAudit.tell(Action.KEY_RING_RETIRE, chosen);
      work.progress().line("removed: keys=%d", chosen.size());
    } else {
      retirement.disable(chosen);
      CommandAudit.tell(Action.KEY_RING_RETIRE, chosen);
      work.progress().line("retired: keys=%d", chosen.size());
      work.progress().line("next: perennial keys retire --remove, once nothing has missed them");
    }
    return 0;
  }

  private List<Long> old(KeyRing ring) {
    long pending = KeyRotation.pending(ring).orElse(-1);
    State wanted = remove ? State.DISABLED : State.ENABLED;
    return ring.keys().stream()
        .filter(key -> key.state() == wanted && key.id() != pending)
        .map(RingKey::id)
        .toList();
  }
}
