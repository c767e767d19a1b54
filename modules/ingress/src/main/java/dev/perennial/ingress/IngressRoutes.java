package dev.perennial.ingress;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.ingress.limit.RequestLimit;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The routes of the public listener; {@code docs/http.md} describes each. It answers every path, so
 * whatever else shares the listener is registered before it. Thread-safe.
 *
 * <p>The listener needs {@link #protocol()}, since some providers send long codes.
 */
public final class IngressRoutes implements HttpService {
  private static final Logger LOG = LoggerFactory.getLogger(IngressRoutes.class);

  private static final String FORM = "application/x-www-form-urlencoded";

  /** On every response, pages and redirects alike. A page's own policy replaces the first one. */
  private static final Map<String, String> SECURITY_HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
          "Referrer-Policy",
          "no-referrer",
          "X-Content-Type-Options",
          "nosniff",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "X-Robots-Tag",
          "noindex, nofollow",
          "Cache-Control",
          "no-store");

  private final Integrations integrations;
  private final RequestLimit limit;
  private final Map<String, String> transport;
  private final BrowserBinding binding;
  private final ConnectEndpoint connect;
  private final CallbackEndpoint callback;
  private final OutcomeEndpoint outcome;
  private final SessionStatusEndpoint sessionStatus;
  private final ScriptEndpoint script = new ScriptEndpoint();
  private final HomeEndpoint home;
  private final Notices notices;
  private final Pages pages;

  /**
   * @param clock for the time of events
   * @param random unpredictable: a {@link java.security.SecureRandom}
   */
  public IngressRoutes(
      IngressPorts ports, IngressSettings settings, InstantSource clock, RandomGenerator random) {
    this(ports, settings, RequestLimit.none(), clock, random);
  }

  /**
   * @param limit of requests that begin or end a consent, or look how one goes
   */
  public IngressRoutes(
      IngressPorts ports,
      IngressSettings settings,
      RequestLimit limit,
      InstantSource clock,
      RandomGenerator random) {
    this.integrations = ports.integrations();
    this.limit = limit;
    this.transport =
        settings.secure() ? Map.of("Strict-Transport-Security", "max-age=31536000") : Map.of();
    RandomText texts = new RandomText(random);
    this.binding = new BrowserBinding(settings);
    this.notices = new Notices(settings);
    this.pages = new Pages();
    this.outcome = new OutcomeEndpoint(ports.codes(), settings, notices, pages);
    DirectGrants direct =
        new DirectGrants(
            ports, settings, texts, new NewGrants(ports, clock), outcome, notices, pages);
    this.connect =
        new ConnectEndpoint(ports, settings, texts, binding, direct, notices, pages, clock);
    this.sessionStatus = new SessionStatusEndpoint(ports, settings, clock);
    this.callback =
        new CallbackEndpoint(
            ports, settings, new Callbacks(ports, settings, clock, texts), outcome, notices, pages);
    this.home = new HomeEndpoint(ports.integrations(), settings, pages);
  }

  /**
   * HTTP/1.1 with a request line long enough for the longest callback that is read, and open to
   * characters such as {@code |} and {@code [}: browsers do not encode them in a query, and a
   * provider that redirects with them would meet a bare 400.
   */
  public static Http1Config protocol() {
    return Http1Config.builder()
        .maxPrologueLength(2 * Received.MAX_LENGTH)
        .validatePrologue(false)
        .build();
  }

  @Override
  public void routing(HttpRules rules) {
    get(rules, "/", _ -> home.page());
    get(
        rules,
        "/connect.js",
        request -> script.answer(request.headers().first(HeaderNames.IF_NONE_MATCH)));
    rules.post("/callback/{integration}", answering(this::posted));
    get(rules, "/callback/{integration}", meant(this::callback), "GET, HEAD, POST");
    rules.post("/connect/{integration}", answering(this::begun));
    get(rules, "/connect/{integration}", meant(this::connect), "GET, HEAD, POST");
    rules.post("/connect/{integration}/status", answering(this::sessionStatus));
    rules.any(
        "/connect/{integration}/status",
        answering(_ -> pages.notice(notices.methodNotAllowed()).with("Allow", "POST")));
    get(
        rules,
        "/callback/{integration}/done",
        request -> outcome.page(slug(request), query(request)));
    get(
        rules,
        "/callback/{integration}/progress",
        request -> outcome.progress(slug(request), query(request)));
    rules.any(answering(_ -> pages.notice(notices.notFound())));
  }

  private void get(HttpRules rules, String path, Function<ServerRequest, Answer> answer) {
    get(rules, path, answer, "GET, HEAD");
  }

  /** GET does something; HEAD, which scanners send ahead of people, never does. */
  private void get(
      HttpRules rules, String path, Function<ServerRequest, Answer> answer, String allowed) {
    rules.get(path, answering(answer));
    rules.head(path, answering(_ -> Answer.empty(200)));
    rules.any(
        path, answering(_ -> pages.notice(notices.methodNotAllowed()).with("Allow", allowed)));
  }

  private Answer connect(ServerRequest request) {
    return connect.open(slug(request), query(request), browser(request));
  }

  private Answer callback(ServerRequest request) {
    return callback.get(slug(request), query(request), browser(request));
  }

  private Answer begun(ServerRequest request) {
    return connect.post(slug(request), isForm(request), body(request));
  }

  private Answer sessionStatus(ServerRequest request) {
    return sessionStatus.answer(
        slug(request), isForm(request), body(request), request.headers().first(HeaderNames.ORIGIN));
  }

  private Answer posted(ServerRequest request) {
    return callback.post(slug(request), isForm(request), body(request), browser(request));
  }

  private static boolean isForm(ServerRequest request) {
    return request
        .headers()
        .first(HeaderNames.CONTENT_TYPE)
        .filter(IngressRoutes::isForm)
        .isPresent();
  }

  private static boolean isForm(String contentType) {
    return contentType.split(";", 2)[0].strip().equalsIgnoreCase(FORM);
  }

  /** A browser that fetches ahead does not mean it: 503 makes it ask again when its user does. */
  private static Function<ServerRequest, Answer> meant(Function<ServerRequest, Answer> answer) {
    return request -> isPrefetch(request) ? Answer.empty(503) : answer.apply(request);
  }

  private static boolean isPrefetch(ServerRequest request) {
    return Stream.of("Sec-Purpose", "Purpose", "X-Moz")
        .flatMap(name -> request.headers().first(HeaderNames.create(name)).stream())
        .anyMatch(purpose -> purpose.toLowerCase(Locale.ROOT).contains("prefetch"));
  }

  private Handler answering(Function<ServerRequest, Answer> answer) {
    return (request, response) -> {
      Answer full = told(request, answer);
      write(request.prologue().method().equals(Method.HEAD) ? full.withoutBody() : full, response);
    };
  }

  /** What is logged on the way says who speaks, and of which integration. */
  private Answer told(ServerRequest request, Function<ServerRequest, Answer> answer) {
    try (MDC.MDCCloseable _ = MDC.putCloseable("role", "ingress");
        MDC.MDCCloseable _ = integration(request)) {
      return answered(request, answer);
    }
  }

  /** A path may name what there is not. */
  private MDC.@Nullable MDCCloseable integration(ServerRequest request) {
    return request
        .path()
        .pathParameters()
        .first("integration")
        .flatMap(integrations::find)
        .map(known -> MDC.putCloseable("integration", known.slug()))
        .orElse(null);
  }

  private Answer answered(ServerRequest request, Function<ServerRequest, Answer> answer) {
    try {
      return isTooMuch(request)
          ? pages.notice(notices.tooMany()).with("Retry-After", "1")
          : answer.apply(request);
    } catch (RuntimeException e) {
      // The path alone: a query may hold a code.
      LOG.error("{} {} failed", request.prologue().method(), request.path().rawPath(), e);
      return pages.notice(notices.internalError());
    }
  }

  /** Asked before anything else, so that no state is held and no code looked at. */
  private boolean isTooMuch(ServerRequest request) {
    String path = request.path().rawPath();
    return (path.startsWith("/connect/") || path.startsWith("/callback/"))
        && request.remotePeer().address() instanceof InetSocketAddress peer
        && peer.getAddress() != null
        && !limit.admits(
            peer.getAddress(), request.headers().values(HeaderNames.create(limit.header())));
  }

  private void write(Answer answer, ServerResponse response) {
    response.status(answer.status());
    SECURITY_HEADERS.forEach(response::header);
    transport.forEach(response::header);
    answer.headers().forEach(response::header);
    response.send(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static String slug(ServerRequest request) {
    return request.path().pathParameters().get("integration");
  }

  private static String query(ServerRequest request) {
    return request.query().rawValue();
  }

  private Optional<Secret> browser(ServerRequest request) {
    return binding.read(request.headers().cookies().first(binding.name()).asOptional());
  }

  /** At most one byte more than is allowed, so that too much can be told and is not kept. */
  private static String body(ServerRequest request) {
    try (InputStream in = request.content().inputStream()) {
      return new String(in.readNBytes(Received.MAX_LENGTH + 1), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
