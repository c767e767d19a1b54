package dev.perennial.app.cli;

import dev.perennial.app.config.EffectiveValue;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code perennial config}: what counts, and where it comes from. */
@Command(
    name = "config",
    description =
        "Print every key with its effective value and where it comes from; of secrets no more than"
            + " that they are set. Exit code 1 where the configuration is wrong.")
final class ConfigCommand implements Runnable {
  private final PerennialCommand top;

  @Parameters(
      paramLabel = "KEY",
      arity = "0..*",
      description = "Only these, and what stands below them: refresh, kafka.properties.")
  private List<String> keys = new ArrayList<>();

  @Option(names = "--set", description = "Only what is not a default.")
  private boolean set;

  @Option(
      names = "--json",
      description = "One JSON object per line, with default, range and meaning too.")
  private boolean json;

  ConfigCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    List<EffectiveValue> all = top.effective(Map.of());
    keys.forEach(key -> mustExist(key, all));
    List<EffectiveValue> shown = all.stream().filter(this::isAskedFor).toList();
    PrintWriter out = top.surroundings().out();
    if (json) {
      shown.forEach(value -> out.println(JsonMapper.shared().writeValueAsString(value)));
    } else {
      table(shown).print(out);
    }
    out.flush();
  }

  private boolean isAskedFor(EffectiveValue value) {
    return (!set || !value.isDefault())
        && (keys.isEmpty() || keys.stream().anyMatch(value::isUnder));
  }

  private static void mustExist(String key, List<EffectiveValue> all) {
    if (all.stream().noneMatch(value -> value.isUnder(key))) {
      throw new CommandFailure(key + " is no key, and no key stands below it");
    }
  }

  private static Table table(List<EffectiveValue> shown) {
    Table table = new Table(List.of("KEY", "VALUE", "SOURCE"));
    shown.forEach(value -> table.add(List.of(value.key(), onOneLine(value), value.source())));
    return table;
  }

  private static String onOneLine(EffectiveValue value) {
    return value.value().replaceAll("\\p{Cntrl}", "\u00b7");
  }
}
