package dev.perennial.app.cli;

import dev.perennial.app.access.ApiKey;
import dev.perennial.app.access.Scope;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code perennial keys api list}. */
@Command(name = "list", description = "List the keys of the admin API, without their secrets.")
final class KeysApiListCommand implements Runnable {
  private final PerennialCommand top;

  @Mixin private ApiKeysOption keys = new ApiKeysOption();

  KeysApiListCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    Table table = new Table(List.of("id", "name", "scopes", "integrations", "created", "expires"));
    List<ApiKey> found = ApiKeysOption.read(keys.path(top));
    for (ApiKey key : found) {
      table.add(
          List.of(
              key.id(),
              key.name(),
              Scope.names(key.scopes()),
              key.integrations()
                  .map(all -> String.join(",", all.stream().sorted().toList()))
                  .orElse("all"),
              key.created().toString(),
              key.expires().map(Instant::toString).orElse("never")));
    }
    PrintWriter out = top.surroundings().out();
    table.print(out);
    out.println(found.size() + (found.size() == 1 ? " key" : " keys"));
    out.flush();
  }
}
