package dev.perennial.app.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code perennial connections list}. */
@Command(name = "list", description = "List connections; deleted ones only with --status deleted.")
final class ConnectionsListCommand implements Runnable {
  private static final List<String> COLUMNS =
      List.of("connection", "status", "reason", "version", "expires", "next refresh");

  private final PerennialCommand top;

  @Mixin private AdminAccess admin = new AdminAccess();

  @Option(names = "--integration", paramLabel = "NAME", description = "Only of this one.")
  private @Nullable String integration;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description =
          "Only these: active, refresh_failing, reauthorization_required, expired or deleted.")
  private @Nullable String status;

  @Option(names = "--json", description = "One JSON object per line.")
  private boolean json;

  ConnectionsListCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public void run() {
    PrintWriter out = top.surroundings().out();
    Map<String, JsonNode> found = all(admin.client(top));
    if (json) {
      found.values().forEach(out::println);
    } else {
      table(found).print(out);
      out.println(found.size() + (found.size() == 1 ? " connection" : " connections"));
    }
    out.flush();
  }

  /** By name, each once: a scan may say one twice. */
  private Map<String, JsonNode> all(AdminClient client) {
    Map<String, JsonNode> found = new TreeMap<>();
    String cursor = "";
    do {
      JsonNode page = client.get("/v1/connections?limit=1000" + filter() + cursor);
      page.path("connections").forEach(one -> found.put(name(one), one));
      JsonNode next = page.path("next_cursor");
      cursor = next.isString() ? "&cursor=" + AdminClient.encoded(next.asString()) : "";
    } while (!cursor.isEmpty());
    return found;
  }

  private String filter() {
    List<String> parts = new ArrayList<>();
    if (integration != null) {
      parts.add("&integration=" + AdminClient.encoded(integration));
    }
    if (status != null) {
      parts.add("&status=" + AdminClient.encoded(status));
    }
    return String.join("", parts);
  }

  private static Table table(Map<String, JsonNode> found) {
    Table table = new Table(COLUMNS);
    found.forEach((name, one) ->
        table.add(
            List.of(
                name,
                text(one, "status"),
                text(one, "reason"),
                text(one, "version"),
                text(one, "expires_at"),
                text(one, "next_refresh_at"))));
    return table;
  }

  private static String name(JsonNode one) {
    return text(one, "integration") + "/" + text(one, "connection");
  }

  private static String text(JsonNode one, String name) {
    JsonNode value = one.path(name);
    return value.isNull() || value.isMissingNode() ? "-" : value.asString();
  }
}
