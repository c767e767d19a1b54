package dev.perennial.app.console;

import dev.perennial.app.console.change.RecentChanges;
import dev.perennial.app.console.page.Words;
import dev.perennial.app.console.session.Session;
import io.helidon.webserver.http.ServerRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What changes, as it does. */
final class ActivityPage {
  private static final int SHOWN = 100;

  private final Pages pages;
  private final ConsolePorts ports;
  private final ChangeStream stream;

  ActivityPage(Pages pages, ConsolePorts ports, ChangeStream stream) {
    this.pages = pages;
    this.ports = ports;
    this.stream = stream;
  }

  Reply show(ServerRequest request, Session session) {
    Instant now = ports.clock().instant();
    RecentChanges changes = ports.memory().changes();
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    model.put("now", now.toString());
    model.put("last", stream.mark(changes.last()));
    model.put("shown", SHOWN);
    model.put("kept", Words.count(RecentChanges.MOST));
    model.put("following", changes.isReady());
    model.put("reachable", ports.memory().isReachable());
    model.put(
        "rows",
        changes.newest(SHOWN, it -> session.caller().sees(it.key().integration())).stream()
            .map(it -> Rows.of(it, now))
            .toList());
    return pages.show("activity", session, model);
  }
}
