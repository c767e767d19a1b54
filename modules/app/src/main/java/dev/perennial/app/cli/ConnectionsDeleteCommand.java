package dev.perennial.app.cli;

import dev.perennial.domain.ConnectionKey;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code perennial connections delete}. */
@Command(
    name = "delete",
    description =
        "Forget the tokens of a connection, and tell every pipeline. Nothing brings them back but a"
            + " new consent.")
final class ConnectionsDeleteCommand implements Runnable {
  private final PerennialCommand top;

  @Mixin private AdminAccess admin = new AdminAccess();
  @Mixin private ConnectionArgument connection = new ConnectionArgument();

  ConnectionsDeleteCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    ConnectionKey key = connection.key();
    admin.client(top).delete(AdminClient.path(key));
    PrintWriter out = top.surroundings().out();
    out.println("deleted " + key);
    out.flush();
  }
}
