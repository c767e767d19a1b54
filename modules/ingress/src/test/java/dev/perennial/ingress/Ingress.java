package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.ConnectSessions.ConnectSession;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.ingress.limit.RequestLimit;
import io.helidon.webserver.WebServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The real listener on a free port, with everything behind it in memory. */
final class Ingress implements AutoCloseable {
  static final String RETURN_ORIGIN = "https://app.example.com";
  static final IngressSettings OPEN =
      new IngressSettings(
          URI.create("http://localhost:8080"),
          true,
          java.util.Set.of(RETURN_ORIGIN),
          Duration.ofMinutes(10),
          Duration.ofSeconds(90));
  static final IngressSettings CLOSED =
      new IngressSettings(
          URI.create("https://connect.example.com"),
          false,
          java.util.Set.of(RETURN_ORIGIN),
          Duration.ofMinutes(10),
          Duration.ofSeconds(90));

  final TestClock clock = new TestClock();
  final InMemoryPending pending = new InMemoryPending(clock);
  final InMemoryCodes codes = new InMemoryCodes();
  final InMemorySessions sessions = new InMemorySessions(codes);
  final RecordingPublisher publisher = new RecordingPublisher();
  final FakeProvider calls = new FakeProvider();
  private final Map<Sealed, AuthorizationCode> sealed = new ConcurrentHashMap<>();
  private final WebServer server;

  Ingress(IngressSettings settings, Integration... integrations) {
    this(settings, RequestLimit.none(), integrations);
  }

  Ingress(IngressSettings settings, RequestLimit limit, Integration... integrations) {
    IngressPorts ports =
        new IngressPorts(
            known(integrations), pending, codes, sessions, publisher, this::seal, calls);
    IngressRoutes routes = new IngressRoutes(ports, settings, limit, clock, new SecureRandom());
    this.server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .shutdownHook(false)
            .addProtocol(IngressRoutes.protocol())
            .routing(routing -> routing.register(routes))
            .build()
            .start();
  }

  URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  int port() {
    return server.port();
  }

  /** What the exchanger would find in an event. */
  AuthorizationCode open(Sealed bytes) {
    AuthorizationCode code = sealed.get(bytes);
    if (code == null) {
      throw new AssertionError("this was never sealed");
    }
    return code;
  }

  /** A connect session as the admin API makes one. */
  String session(String key, @Nullable String returnTo) {
    return session(key, returnTo, Map.of());
  }

  String session(String key, @Nullable String returnTo, Map<String, String> variables) {
    String session = "session-" + System.identityHashCode(new Object());
    sessions.add(
        Secret.of(session),
        new ConnectSession(ConnectionKey.parse(key), returnTo, variables),
        clock.instant(),
        Duration.ofMinutes(10));
    return session;
  }

  @Override
  public void close() {
    server.stop();
  }

  private Sealed seal(ConnectionKey key, AuthorizationCode code) {
    Sealed bytes = Sealed.of((key + "#" + sealed.size()).getBytes(StandardCharsets.UTF_8));
    sealed.put(bytes, code);
    return bytes;
  }

  private static Integrations known(Integration... integrations) {
    Map<String, Integration> bySlug = new TreeMap<>();
    List.of(integrations).forEach(integration -> bySlug.put(integration.slug(), integration));
    return new Integrations() {
      @Override
      public Optional<Integration> find(String slug) {
        return Optional.ofNullable(bySlug.get(slug));
      }

      @Override
      public Collection<Integration> all() {
        return bySlug.values();
      }
    };
  }
}
