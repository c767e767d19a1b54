package dev.perennial.app.cli;

import dev.perennial.domain.ConnectionKey;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code perennial connections refresh}. */
@Command(
    name = "refresh",
    description = "Ask for a refresh now. It is done by the exchanger; look with show.")
final class ConnectionsRefreshCommand implements Runnable {
  private final PerennialCommand top;

  @Mixin private AdminAccess admin = new AdminAccess();
  @Mixin private ConnectionArgument connection = new ConnectionArgument();

  ConnectionsRefreshCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    ConnectionKey key = connection.key();
    admin.client(top).post(AdminClient.path(key) + "/refresh", Map.of());
    PrintWriter out = top.surroundings().out();
    out.println("asked for a refresh of " + key);
    out.flush();
  }
}
