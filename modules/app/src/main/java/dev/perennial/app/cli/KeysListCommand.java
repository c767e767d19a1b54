package dev.perennial.app.cli;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.keys.Inventory;
import dev.perennial.app.keys.KeyUse;
import dev.perennial.app.role.KeyRings;
import dev.perennial.app.role.KeyTools;
import dev.perennial.credentials.KeyHolder;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.LiveKeyRing;
import dev.perennial.sealing.RingKey;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial keys list}. */
@Command(
    name = "list",
    aliases = "show",
    description = {
      "Show the keys of the ring, what is sealed with each, and which process holds which.",
      "No key itself is shown. Counts by going through Redis; --offline looks at the ring alone."
    })
final class KeysListCommand implements Runnable {
  private final PerennialCommand top;

  @Option(names = "--offline", description = "Ask neither Redis nor Kafka.")
  private boolean offline;

  @Option(
      names = "--topics",
      description = "Count what needs its key on the topics too: reads credentials-updated whole.")
  private boolean topics;

  KeysListCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    PerennialConfig config = top.config(Map.of());
    LiveKeyRing live = KeyRings.of(config);
    KeyRing ring = live.current();
    PrintWriter out = top.surroundings().out();
    if (offline) {
      keys(ring, null).print(out);
    } else {
      try (KeyTools tools = new KeyTools(config, live)) {
        Inventory inventory = new Inventory(tools);
        keys(ring, topics ? inventory.needed() : inventory.redis()).print(out);
        out.println();
        processes(tools.holders().known().holders()).print(out);
      }
    }
    out.flush();
  }

  private static Table keys(KeyRing ring, @Nullable KeyUse use) {
    Table table = new Table(List.of("KEY", "STATE", use == null ? "" : "SEALS"));
    for (RingKey key : ring.keys()) {
      table.add(row(key.id(), key.state().text(), use));
    }
    if (use != null) {
      use.keyIds().stream()
          .filter(id -> ring.state(id).isEmpty())
          .forEach(id -> table.add(row(id, "not in this ring", use)));
    }
    return table;
  }

  private static List<String> row(long id, String state, @Nullable KeyUse use) {
    String name = id == KeyUse.NO_KEY ? "?" : Long.toString(id);
    return List.of(name, state, use == null ? "" : use.inWords(id));
  }

  private static Table processes(List<KeyHolder> holders) {
    Table table = new Table(List.of("PROCESS", "ROLES", "OPENS", "SEALS WITH", "RING"));
    for (KeyHolder holder : holders) {
      table.add(
          List.of(
              holder.process(),
              holder.roles(),
              holder.keyIds().stream().map(String::valueOf).collect(Collectors.joining(",")),
              Long.toString(holder.primary()),
              holder.live() ? "read again when it changes" : "fixed until a restart"));
    }
    return table;
  }
}
