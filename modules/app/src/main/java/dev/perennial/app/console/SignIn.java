package dev.perennial.app.console;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Identity;
import dev.perennial.app.access.Scope;
import dev.perennial.app.audit.Act;
import dev.perennial.app.audit.Action;
import dev.perennial.app.audit.AuditTrail;
import dev.perennial.app.console.session.Session;
import dev.perennial.app.console.session.Sessions;
import dev.perennial.app.console.session.SignInLimit;
import dev.perennial.domain.Secret;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Signing in with what the API takes as a bearer token, and out again. */
final class SignIn {
  private static final String THEN = "then";
  private static final int MOST_KEY = 16 << 10;

  private final Pages pages;
  private final Sessions sessions;
  private final Doorman doorman;
  private final SignInLimit limit;
  private final AuditTrail audit;

  SignIn(Pages pages, Sessions sessions, Doorman doorman, SignInLimit limit, AuditTrail audit) {
    this.pages = pages;
    this.sessions = sessions;
    this.doorman = doorman;
    this.limit = limit;
    this.audit = audit;
  }

  Reply show(ServerRequest request) {
    String then = then(request.query().first(THEN).orElse(""));
    if (doorman
        .session(request)
        .filter(it -> it.caller().has(Scope.CONNECTIONS_READ))
        .isPresent()) {
      return Reply.see(then);
    }
    boolean lost = request.query().contains("kept");
    return page(
        200,
        then,
        lost
            ? "Your browser did not keep the session. The console needs https, unless it is opened"
                + " at http://localhost."
            : "");
  }

  private Reply page(int status, String then, String problem) {
    return pages.open(status, "sign-in", Map.of(THEN, then, "problem", problem));
  }

  /** Only ever a page of ours. */
  private static String then(String wanted) {
    try {
      URI uri = URI.create(wanted);
      boolean ours =
          !uri.isAbsolute()
              && uri.getRawAuthority() == null
              && uri.getRawPath() != null
              && uri.normalize().equals(uri)
              && (uri.getRawPath().equals(ConsoleRoutes.PATH)
                  || uri.getRawPath().startsWith(ConsoleRoutes.PATH + "/"))
              && !uri.getRawPath().startsWith(ConsoleRoutes.PATH + "/sign-in");
      return ours ? wanted : ConsoleRoutes.PATH;
    } catch (IllegalArgumentException _) {
      return ConsoleRoutes.PATH;
    }
  }

  Reply take(ServerRequest request) {
    Form form = Form.of(request);
    String then = then(form.text(THEN));
    String address = Doorman.address(request);
    if (!Doorman.isFromOurPage(request)) {
      audit.tell(
          Act.by(Caller.ANYBODY, Action.CONSOLE_SIGN_IN, address)
              .denied(ConsoleRoutes.FOREIGN_FORM));
      return page(403, then, "This did not come from the console’s own page. Sign in here.");
    }
    Duration wait = limit.wait(address);
    if (wait.isPositive()) {
      return page(429, then, "Too many tries. Wait a minute, then try again.")
          .with("Retry-After", Long.toString(wait.toSeconds() + 1));
    }
    return signedIn(request, form.text("key"), then, address);
  }

  private Reply signedIn(ServerRequest request, String key, String then, String address) {
    if (key.isEmpty() || key.length() > MOST_KEY) {
      return page(400, then, "Enter an API key or the admin token.");
    }
    Secret bearer = Secret.of(key);
    return switch (sessions.identify(bearer)) {
      case Caller caller when caller.has(Scope.CONNECTIONS_READ) -> {
        audit.tell(Act.by(caller, Action.CONSOLE_SIGN_IN, address));
        yield open(request, caller, bearer, then);
      }
      case Caller caller -> {
        audit.tell(Act.by(caller, Action.CONSOLE_SIGN_IN, address).denied("forbidden"));
        yield page(
            403, then, "This key may not look here: the console needs the scope connections:read.");
      }
      case Identity.Unknown(String why) -> {
        limit.failed(address);
        audit.tell(Act.by(Caller.ANYBODY, Action.CONSOLE_SIGN_IN, address).denied("unauthorized"));
        yield page(
            401, then, why.isEmpty() ? "This is neither an API key nor the admin token." : why);
      }
    };
  }

  /** A session of before ends, so that none is carried over. */
  private Reply open(ServerRequest request, Caller caller, Secret bearer, String then) {
    doorman.id(request).ifPresent(sessions::close);
    Session session = sessions.open(caller, bearer);
    String check = "/sign-in?kept=1&then=" + URLEncoder.encode(then, StandardCharsets.UTF_8);
    return Reply.see(ConsoleRoutes.PATH + check)
        .with("Set-Cookie", Doorman.cookie(request, session.id().reveal()));
  }

  Reply leave(ServerRequest request, Session session, Form form) {
    sessions.close(session.id());
    audit.tell(Act.by(session.caller(), Action.CONSOLE_SIGN_OUT, Doorman.address(request)));
    return Reply.see(ConsoleRoutes.PATH + "/sign-in")
        .with("Set-Cookie", Doorman.cookie(request, ""));
  }
}
