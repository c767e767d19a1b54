package dev.perennial.app.console;

import dev.perennial.app.admin.AdminCalls.Done;
import dev.perennial.app.admin.AdminCalls.Refused;
import dev.perennial.app.console.page.Words;
import dev.perennial.app.console.session.Session;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.ConnectionSearch;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.CredentialStore;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.Integration;
import io.helidon.webserver.http.ServerRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds connections. */
final class ConnectionsPage {
  private static final int WANTED = 50;
  private static final int LONGEST = 200;

  /** Of the field that says how soon a token ends. */
  private static final Map<String, Duration> WITHIN =
      new LinkedHashMap<>(
          Map.of(
              "5m", Duration.ofMinutes(5),
              "1h", Duration.ofHours(1),
              "1d", Duration.ofDays(1),
              "7d", Duration.ofDays(7)));

  private static final List<String> REASONS =
      List.of(
          Reason.REFUSED,
          Reason.UNAVAILABLE,
          Reason.THROTTLED,
          Reason.NO_ANSWER,
          Reason.NOT_SENT,
          Reason.MISCONFIGURED,
          Reason.UNREADABLE_ANSWER,
          Reason.OUTCOME_UNKNOWN);

  private final Pages pages;
  private final ConsolePorts ports;

  ConnectionsPage(Pages pages, ConsolePorts ports) {
    this.pages = pages;
    this.ports = ports;
  }

  Reply show(ServerRequest request, Session session) {
    Map<String, String> asked = asked(request);
    Instant now = ports.clock().instant();
    String cursor = request.query().first("cursor").orElse(null);
    return switch (ports
        .calls()
        .search(
            session.caller(),
            search(asked, now),
            cursor == null || cursor.isEmpty() ? null : cursor,
            WANTED)) {
      case Refused(int status, _, String title, String detail) ->
          pages.problem(status, title, detail);
      case Done(CredentialStore.Page page) ->
          pages.show("connections", session, model(session, asked, page, request, now));
    };
  }

  private static Map<String, String> asked(ServerRequest request) {
    Map<String, String> asked = new LinkedHashMap<>();
    for (String field : List.of("q", "integration", "status", "reason", "ends")) {
      String value = request.query().first(field).orElse("").strip();
      asked.put(field, value.substring(0, Math.min(value.length(), LONGEST)));
    }
    String text = asked.getOrDefault("q", "");
    int slash = text.indexOf('/'); // as connections are named elsewhere
    if (slash > 0 && ConnectionKey.isSlug(text.substring(0, slash))) {
      asked.put("integration", text.substring(0, slash));
      asked.put("q", text.substring(slash + 1));
    }
    return asked;
  }

  private static ConnectionSearch search(Map<String, String> asked, Instant now) {
    return new ConnectionSearch(
        _ -> true,
        given(asked, "integration"),
        given(asked, "q").map(ConnectionsPage::name),
        given(asked, "status").flatMap(ConnectionsPage::status),
        given(asked, "reason"),
        given(asked, "ends").map(WITHIN::get).map(now::plus));
  }

  private static Optional<String> given(Map<String, String> asked, String field) {
    return Optional.ofNullable(asked.get(field)).filter(it -> !it.isEmpty());
  }

  private static ConnectionSearch.Name name(String text) {
    boolean beginning = text.endsWith("*");
    return new ConnectionSearch.Name(
        beginning ? text.substring(0, text.length() - 1) : text, beginning);
  }

  /** One that there is not is as good as none. */
  private static Optional<Status> status(String text) {
    return Arrays.stream(Status.values()).filter(it -> it.text().equals(text)).findFirst();
  }

  private Map<String, @Nullable Object> model(
      Session session,
      Map<String, String> asked,
      CredentialStore.Page page,
      ServerRequest request,
      Instant now) {
    String next = page.next();
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    model.put("now", now.toString());
    model.put("asked", asked);
    model.put("filtered", asked.values().stream().anyMatch(it -> !it.isEmpty()));
    model.put("rows", page.states().stream().map(it -> Rows.of(it, now)).toList());
    model.put("next", next == null ? null : address(asked, next));
    model.put("later", !request.query().first("cursor").orElse("").isEmpty());
    model.put("first", address(asked, ""));
    model.put("integrations", integrations(session, asked));
    model.put("statuses", statuses());
    model.put("reasons", reasons(asked, page.states()));
    model.put("all", all(session));
    return model;
  }

  private static List<Map<String, String>> statuses() {
    return Arrays.stream(Status.values())
        .map(it -> Map.of("value", it.text(), "name", Rows.name(it)))
        .toList();
  }

  private List<String> integrations(Session session, Map<String, String> asked) {
    TreeSet<String> names = new TreeSet<>();
    for (Integration one : ports.calls().integrations(session.caller())) {
      if (one.isSetUp() && one.missingVariables().isEmpty()) {
        names.add(one.slug());
      }
    }
    given(asked, "integration").ifPresent(names::add);
    return List.copyOf(names);
  }

  /** Those that are usual, and those that stand there. */
  private static List<String> reasons(Map<String, String> asked, List<CredentialState> states) {
    List<String> reasons = new ArrayList<>(REASONS);
    for (CredentialState state : states) {
      if (state.reason() != null) {
        reasons.add(state.reason().code());
      }
    }
    given(asked, "reason").ifPresent(reasons::add);
    return reasons.stream().distinct().toList();
  }

  private @Nullable String all(Session session) {
    return ports
        .censuses()
        .latest()
        .map(it -> Words.count(Standing.living(Standing.sum(it, session.caller()::sees))))
        .orElse(null);
  }

  private static String address(Map<String, String> asked, String cursor) {
    StringBuilder address = new StringBuilder();
    Map<String, String> all = new LinkedHashMap<>(asked);
    all.put("cursor", cursor);
    all.forEach((name, value) -> {
      if (!value.isEmpty()) {
        address
            .append(address.isEmpty() ? '?' : '&')
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
      }
    });
    return ConsoleRoutes.PATH + "/connections" + address;
  }
}
