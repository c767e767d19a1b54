package dev.perennial.app.cli;

import dev.perennial.domain.ConnectionKey;
import java.io.PrintWriter;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code perennial connect INTEGRATION}: a link that asks a user for consent. */
@Command(
    name = "connect",
    description = "Print a link that asks a user for consent. It works once, for a while.")
final class ConnectCommand implements Runnable {
  private final PerennialCommand top;

  @Mixin private AdminAccess admin = new AdminAccess();

  @Parameters(paramLabel = "INTEGRATION", description = "Name of the definition, e.g. google.")
  private String integration = "";

  @Option(
      names = "--connection",
      paramLabel = "ID",
      defaultValue = ConnectionKey.DEFAULT,
      description = "Which connection, e.g. the customer's name. Default: ${DEFAULT-VALUE}.")
  private String connection = ConnectionKey.DEFAULT;

  @Option(
      names = "--return-to",
      paramLabel = "URL",
      description = "Where the browser goes afterwards; under one of connect.return-origins.")
  private @Nullable URI returnTo;

  @Option(
      names = "--variable",
      paramLabel = "ID=VALUE",
      description = "A value that the connection gives, e.g. SHOP=acme; may be repeated.")
  private Map<String, String> variables = new LinkedHashMap<>();

  ConnectCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("integration", integration);
    request.put("connection", connection);
    if (returnTo != null) {
      request.put("return_to", returnTo.toString());
    }
    if (!variables.isEmpty()) {
      request.put("variables", variables);
    }
    JsonNode answer = admin.client(top).post("/v1/connect-sessions", request);
    PrintWriter out = top.surroundings().out();
    out.println(answer.path("connect_url").asString());
    out.flush();
    PrintWriter err = top.surroundings().err();
    err.println(
        "Open it in a browser; it works once, until " + answer.path("expires_at").asString() + ".");
    err.flush();
  }
}
