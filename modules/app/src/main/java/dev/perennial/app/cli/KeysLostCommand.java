package dev.perennial.app.cli;

import dev.perennial.app.audit.Action;
import dev.perennial.app.keys.LostKeys;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code perennial keys lost}. */
@Command(
    name = "lost",
    description = {
      "Accept that a key is lost for good: every connection that the ring cannot open becomes"
          + " reauthorization_required with the reason key_lost, and its users can be asked to"
          + " connect again.",
      "Without --yes it only counts. Look for a backup of the ring first: nothing is lost as long"
          + " as one is found."
    })
final class KeysLostCommand implements Callable<Integer> {
  private final PerennialCommand top;

  @Mixin private KeyRingOptions options = new KeyRingOptions();

  @Option(names = "--yes", description = "Do it.")
  private boolean yes;

  KeysLostCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    return options.run(top, Action.KEY_RING_LOST, this::lose);
  }

  private int lose(KeyRingOptions.Work work) {
    LostKeys lost =
        new LostKeys(work.tools(), work.ring(), work.progress(), work.rate(), work.stopped());
    LostKeys.Result result = yes ? lost.giveUp() : lost.look();
    if (yes) {
      CommandAudit.tell(Action.KEY_RING_LOST, result.givenUp());
    }
    work.progress().line("lost: connections=%d given_up=%d", result.found(), result.givenUp());
    if (!yes && result.found() > 0) {
      work.progress().line("nothing has changed; --yes gives them up");
    }
    return yes && (result.stopped() || result.givenUp() < result.found()) ? 1 : 0;
  }
}
