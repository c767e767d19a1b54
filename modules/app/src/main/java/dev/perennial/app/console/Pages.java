package dev.perennial.app.console;

import dev.perennial.app.access.Scope;
import dev.perennial.app.console.page.Assets;
import dev.perennial.app.console.page.Templates;
import dev.perennial.app.console.session.Session;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pages with what all of them have: menu, signed-in name, addresses of style and script. */
final class Pages {
  private final Templates templates = new Templates();
  private final Assets assets;

  Pages(Assets assets) {
    this.assets = assets;
  }

  /**
   * For somebody who is signed in.
   *
   * @param name of the template; also the place in the menu
   */
  Reply show(String name, Session session, Map<String, ? extends @Nullable Object> model) {
    return show(200, name, session, model);
  }

  Reply show(
      int status, String name, Session session, Map<String, ? extends @Nullable Object> model) {
    Map<String, @Nullable Object> whole = new LinkedHashMap<>(model);
    whole.put("assets", assets.addresses());
    whole.put("who", session.caller().name());
    whole.put(
        "limited",
        session.caller().integrations().map(it -> it.stream().sorted().toList()).orElse(null));
    whole.put("token", session.token().reveal());
    whole.put("writes", session.caller().has(Scope.CONNECTIONS_WRITE));
    return Reply.html(status, templates.render(name, whole));
  }

  /** For everybody. */
  Reply open(int status, String name, Map<String, ? extends @Nullable Object> model) {
    Map<String, @Nullable Object> whole = new LinkedHashMap<>(model);
    whole.put("assets", assets.addresses());
    return Reply.html(status, templates.render(name, whole));
  }

  /** What went wrong, and what to do. */
  Reply problem(int status, String title, String detail) {
    return open(status, "problem", Map.of("title", title, "detail", detail));
  }
}
