package dev.perennial.app.console;

import dev.perennial.app.console.session.Session;
import dev.perennial.app.console.session.Sessions;
import dev.perennial.domain.Secret;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells by a request whose it is, and whether a page of ours sent it. Thread-safe. */
final class Doorman {
  /** What a page's script says of requests that no person makes. */
  static final String BY_ITSELF = "X-Perennial-Console";

  private static final String PLAIN = "perennial-console";
  private static final String PROTECTED = "__Host-perennial-console";
  private static final Set<String> OWN_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final Sessions sessions;

  Doorman(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Whoever is signed in. */
  Optional<Session> session(ServerRequest request) {
    return id(request).flatMap(id -> sessions.find(id, isByPerson(request)));
  }

  Optional<Secret> id(ServerRequest request) {
    return Optional.of(request.headers().cookies().all(cookie(request), List::of))
        .filter(all -> all.size() == 1 && ID.matcher(all.getFirst()).matches())
        .map(all -> Secret.of(all.getFirst()));
  }

  /** Whether a person clicked or typed, and not the page by itself. */
  static boolean isByPerson(ServerRequest request) {
    return !request.headers().contains(HeaderNames.create(BY_ITSELF))
        && !request.path().path().equals(ChangeStream.PATH);
  }

  /** Begins or, with an empty id, ends the session in the browser. */
  static String cookie(ServerRequest request, String id) {
    return cookie(request)
        + "="
        + id
        + "; Path=/; HttpOnly; SameSite=Strict"
        + (isOwnMachine(request) ? "" : "; Secure")
        + (id.isEmpty() ? "; Max-Age=0" : "");
  }

  private static String cookie(ServerRequest request) {
    return isOwnMachine(request) ? PLAIN : PROTECTED;
  }

  /** Then http is as good as https, and browsers keep no protected cookie. */
  static boolean isOwnMachine(ServerRequest request) {
    String host = host(request).replaceFirst(":\\d+$", "");
    return OWN_MACHINE.contains(host);
  }

  private static String host(ServerRequest request) {
    return request.authority().toLowerCase(Locale.ROOT);
  }

  /** Of the peer, as it is seen: what a header claims is not believed. */
  static String address(ServerRequest request) {
    return request.remotePeer().address() instanceof InetSocketAddress peer
            && peer.getAddress() != null
        ? peer.getAddress().getHostAddress()
        : request.remotePeer().host();
  }

  /** Whether the browser says that the request comes from a page of this very origin. */
  static boolean isFromOurPage(ServerRequest request) {
    Optional<String> site = one(request, "Sec-Fetch-Site");
    return site.map("same-origin"::equals).orElse(true)
        && one(request, "Origin").map(it -> authority(it).equals(host(request))).orElse(false);
  }

  private static Optional<String> one(ServerRequest request, String header) {
    List<String> all = request.headers().values(HeaderNames.create(header));
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
  }

  private static String authority(String origin) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority == null ? "" : authority.toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  /** Whether a form carries the token of the session. */
  static boolean isOwnForm(Session session, Form form) {
    return session.token().equals(Secret.of(form.text("token")));
  }
}
