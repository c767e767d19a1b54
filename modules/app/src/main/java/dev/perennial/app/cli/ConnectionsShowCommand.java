package dev.perennial.app.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code perennial connections show}. */
@Command(name = "show", description = "Show one connection; never its tokens.")
final class ConnectionsShowCommand implements Runnable {
  private final PerennialCommand top;

  @Mixin private AdminAccess admin = new AdminAccess();
  @Mixin private ConnectionArgument connection = new ConnectionArgument();

  @Option(names = "--json", description = "As one JSON object.")
  private boolean json;

  ConnectionsShowCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    JsonNode one = admin.client(top).get(AdminClient.path(connection.key()));
    PrintWriter out = top.surroundings().out();
    if (json) {
      out.println(one);
    } else {
      one.forEachEntry((name, value) -> line(out, name, value));
    }
    out.flush();
  }

  private static void line(PrintWriter out, String name, JsonNode value) {
    out.println("%-16s %s".formatted(name, value.isNull() ? "-" : value.asString()));
  }
}
