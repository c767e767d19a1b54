package dev.perennial.app.cli;

import dev.perennial.app.config.EffectiveValue;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial config}: what counts, and where it comes from. */
@Command(
    name = "config",
    description =
        "Print every key with its effective value and where it comes from; of secrets no more than"
            + " that they are set. Exit code 1 where the configuration is wrong.")
final class ConfigCommand implements Runnable {
  private final PerennialCommand top;

  @Option(names = "--set", description = "Only what is not a default.")
  private boolean set;

  ConfigCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    Table table = new Table(List.of("KEY", "VALUE", "SOURCE"));
    for (EffectiveValue value : top.effective(Map.of())) {
      if (!set || !value.isDefault()) {
        table.add(List.of(value.key(), value.value(), value.source()));
      }
    }
    PrintWriter out = top.surroundings().out();
    table.print(out);
    out.flush();
  }
}
