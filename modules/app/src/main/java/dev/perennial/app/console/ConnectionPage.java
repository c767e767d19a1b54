package dev.perennial.app.console;

import dev.perennial.app.access.Scope;
import dev.perennial.app.admin.AdminCalls.Done;
import dev.perennial.app.admin.AdminCalls.Refused;
import dev.perennial.app.console.change.RecentChanges;
import dev.perennial.app.console.change.SeenChange;
import dev.perennial.app.console.page.Advice;
import dev.perennial.app.console.page.Words;
import dev.perennial.app.console.session.Session;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.ConnectionVariable;
import dev.perennial.domain.definition.Integration;
import io.helidon.webserver.http.ServerRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection: how it stands, what to do, what happened to it lately. */
final class ConnectionPage {
  private final Pages pages;
  private final ConsolePorts ports;
  private final Notices notices;
  private final ChangeStream stream;

  ConnectionPage(Pages pages, ConsolePorts ports, Notices notices, ChangeStream stream) {
    this.stream = stream;
    this.pages = pages;
    this.ports = ports;
    this.notices = notices;
  }

  /**
   * @throws Turned where it can be no connection
   */
  static ConnectionKey key(Pages pages, ServerRequest request) {
    try {
      return new ConnectionKey(
          request.path().pathParameters().get("integration"),
          request.path().pathParameters().get("connection"));
    } catch (IllegalArgumentException e) {
      throw new Turned(pages.problem(404, "There is no such connection", e.getMessage() + "."));
    }
  }

  Reply show(ServerRequest request, Session session) {
    ConnectionKey key = key(pages, request);
    long last = ports.memory().changes().last(); // before the state is read, so that none is missed
    return switch (ports.calls().find(session.caller(), key)) {
      case Refused(int status, _, String title, String detail) ->
          pages.problem(status, title, detail);
      case Done(CredentialState state) ->
          pages.show(
              "connection", session, model(session, state, last, Doorman.isByPerson(request)));
    };
  }

  private Map<String, @Nullable Object> model(
      Session session, CredentialState state, long last, boolean tellNotice) {
    Instant now = ports.clock().instant();
    ConnectionKey key = state.key();
    Optional<Integration> integration =
        ports.calls().integrations(session.caller()).stream()
            .filter(it -> it.slug().equals(key.integration()))
            .findFirst();
    boolean renewable = integration.map(Integration::refreshable).orElse(false);
    Map<String, @Nullable Object> model = new LinkedHashMap<>(Rows.of(state, now));
    model.put("now", now.toString());
    model.put("advice", advice(Advice.of(state.status(), state.reason(), renewable)));
    model.put("code", Rows.reason(state.reason()));
    model.put("type", state.tokenType());
    model.put("scope", state.scope());
    model.put("issued", Words.time(state.issuedAt(), now));
    model.put("overdue", isOverdue(state, now));
    model.put("ended", state.expiresAt() != null && state.expiresAt().isBefore(now));
    model.put("grant", grant(state.grantEnd(), now));
    model.put("renewable", renewable);
    model.put("known", integration.isPresent());
    model.putAll(actions(session, state, integration, renewable));
    model.putAll(timeline(key, now));
    Optional<Notices.Notice> notice = tellNotice ? notices.take(session, key) : Optional.empty();
    model.put("notice", notice.map(it -> notice(it, now)).orElse(null));
    model.put("last", stream.mark(notice.map(Notices.Notice::follows).orElse(last)));
    return model;
  }

  private static boolean isOverdue(CredentialState state, Instant now) {
    return state.nextRefreshAt() != null && state.nextRefreshAt().isBefore(now);
  }

  private static Map<String, String> advice(Advice advice) {
    return Map.of("meaning", advice.meaning(), "because", advice.because(), "next", advice.next());
  }

  private static @Nullable Map<String, @Nullable Object> grant(
      @Nullable GrantEnd end, Instant now) {
    if (end == null) {
      return null;
    }
    Map<String, @Nullable Object> grant = new LinkedHashMap<>();
    grant.put("at", Words.time(end.at(), now));
    grant.put("moves", end.moves());
    return grant;
  }

  private static Map<String, @Nullable Object> actions(
      Session session, CredentialState state, Optional<Integration> integration, boolean renews) {
    boolean writes = session.caller().has(Scope.CONNECTIONS_WRITE);
    boolean lives = state.status() == Status.ACTIVE || state.status() == Status.REFRESH_FAILING;
    boolean ready = integration.map(it -> it.missingVariables().isEmpty()).orElse(false);
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    model.put("canRefresh", writes && lives && renews);
    model.put("canReconnect", writes && ready);
    model.put("canDelete", writes && state.status() != Status.DELETED);
    model.put(
        "variables",
        integration.map(Integration::connectionVariables).orElse(List.of()).stream()
            .map(ConnectionPage::variable)
            .toList());
    return model;
  }

  private static Map<String, Object> variable(ConnectionVariable variable) {
    return Map.of(
        "id", variable.id(),
        "name", variable.name(),
        "description", variable.description(),
        "secret", variable.secret(),
        "required", variable.required(),
        "options", variable.options());
  }

  private Map<String, @Nullable Object> timeline(ConnectionKey key, Instant now) {
    RecentChanges changes = ports.memory().changes();
    List<SeenChange> seen = changes.of(key);
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < seen.size(); i++) {
      Map<String, @Nullable Object> row = Rows.of(seen.get(i), now);
      row.put("skipped", i + 1 < seen.size() ? skipped(seen.get(i), seen.get(i + 1)) : "");
      rows.add(row);
    }
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    model.put("timeline", rows);
    model.put("whole", !seen.isEmpty() && seen.getLast().change() == Change.CONNECTED);
    model.put("mostChanges", RecentChanges.MOST_OF_ONE);
    model.put("following", changes.isReady());
    model.put("reachable", ports.memory().isReachable());
    return model;
  }

  /** Versions between two that were seen; empty where there are none. */
  private static String skipped(SeenChange later, SeenChange earlier) {
    long missing = later.version() - earlier.version() - 1;
    return later.grant() != earlier.grant() || missing <= 0
        ? ""
        : missing == 1
            ? "Version " + (earlier.version() + 1)
            : "Versions " + (earlier.version() + 1) + " to " + (later.version() - 1);
  }

  private static Map<String, @Nullable Object> notice(Notices.Notice notice, Instant now) {
    Secret link = notice.link();
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    model.put("good", notice.good());
    model.put("title", notice.title());
    model.put("text", notice.text());
    model.put("follows", notice.follows() != null);
    model.put("link", link == null ? null : link.reveal());
    model.put("until", Words.time(notice.until(), now));
    return model;
  }
}
