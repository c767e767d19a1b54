package dev.perennial.app.console;

import dev.perennial.app.admin.AdminCalls.Done;
import dev.perennial.app.admin.AdminCalls.Outcome;
import dev.perennial.app.admin.AdminCalls.Refused;
import dev.perennial.app.audit.Act;
import dev.perennial.app.audit.Action;
import dev.perennial.app.console.Notices.Notice;
import dev.perennial.app.console.session.Session;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import io.helidon.webserver.http.ServerRequest;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an operator does with a connection. Each ends on its page, which says how it went. */
final class ConnectionActions {
  private final Pages pages;
  private final ConsolePorts ports;
  private final Notices notices;

  ConnectionActions(Pages pages, ConsolePorts ports, Notices notices) {
    this.pages = pages;
    this.ports = ports;
    this.notices = notices;
  }

  Reply refresh(ServerRequest request, Session session, Form form) {
    ConnectionKey key = ConnectionPage.key(pages, request);
    long before = ports.memory().changes().last(); // the answer may come sooner than the page
    return ended(
        session,
        key,
        ports.calls().refresh(session.caller(), Doorman.address(request), key),
        _ ->
            Notice.done(
                "A refresh is asked for",
                "What comes of it appears here as soon as the provider has answered.",
                before));
  }

  Reply reconnect(ServerRequest request, Session session, Form form) {
    ConnectionKey key = ConnectionPage.key(pages, request);
    long before = ports.memory().changes().last();
    return ended(
        session,
        key,
        ports
            .calls()
            .connectLink(session.caller(), Doorman.address(request), key, form.under("variable.")),
        answer -> link(answer, before));
  }

  private static Notice link(Map<String, @Nullable Object> answer, long before) {
    return new Notice(
        true,
        "A link for one consent",
        "Send it to whoever is to consent. It works once, and is not shown again.",
        before,
        Secret.of(String.valueOf(answer.get("connect_url"))),
        Instant.parse(String.valueOf(answer.get("expires_at"))));
  }

  /** The id must be typed, also where a browser runs no scripts. */
  Reply delete(ServerRequest request, Session session, Form form) {
    ConnectionKey key = ConnectionPage.key(pages, request);
    if (!form.text("confirm").equals(key.connection())) {
      ports
          .audit()
          .tell(
              Act.by(session.caller(), Action.CONNECTION_DELETE, Doorman.address(request))
                  .on(key.toString())
                  .failed("unconfirmed"));
      notices.leave(
          session,
          key,
          Notice.refused(
              "Not deleted",
              "What was typed is not the id of this connection, so nothing was done."));
      return Reply.see(Rows.address(key));
    }
    return ended(
        session,
        key,
        ports.calls().delete(session.caller(), Doorman.address(request), key),
        _ ->
            Notice.done(
                "Deleted",
                "Its tokens are forgotten, and pipelines are told. Where its definition can, the"
                    + " provider is told too.",
                null));
  }

  private <T> Reply ended(
      Session session, ConnectionKey key, Outcome<T> outcome, Function<T, Notice> done) {
    switch (outcome) {
      case Done<T>(T value) -> notices.leave(session, key, done.apply(value));
      case Refused<T>(int status, _, String title, String detail) -> {
        if (status == 403 || status == 404) {
          return pages.problem(status, title, detail);
        }
        notices.leave(session, key, Notice.refused(title, detail));
      }
    }
    return Reply.see(Rows.address(key));
  }
}
