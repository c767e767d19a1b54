package dev.perennial.app.cli;

import dev.perennial.app.audit.Action;
import dev.perennial.app.keys.KeyRetirement;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code perennial keys enable}. */
@Command(
    name = "enable",
    description =
        "Let disabled keys of the ring open again: what perennial keys retire is undone by.")
final class KeysEnableCommand implements Callable<Integer> {
  private final PerennialCommand top;

  @Mixin private KeyRingOptions options = new KeyRingOptions();

  @Parameters(arity = "1..*", paramLabel = "KEY", description = "Ids of keys.")
  private List<Long> keys = List.of();

  KeysEnableCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    return options.run(
        top,
        Action.KEY_RING_ENABLE,
        work -> {
          new KeyRetirement(
                  work.file(), work.tools(), work.progress(), work.patience(), work.stopped())
              .enable(keys);
          CommandAudit.tell(Action.KEY_RING_ENABLE, keys);
          work.progress().line("enabled: keys=%d", keys.size());
          return 0;
        });
  }
}
