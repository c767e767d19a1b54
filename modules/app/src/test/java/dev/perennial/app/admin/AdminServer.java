package dev.perennial.app.admin;

import dev.perennial.app.access.AdminKey;
import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Callers;
import dev.perennial.app.access.Identity;
import dev.perennial.app.audit.Act;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.refresh.RefreshPolicy;
import dev.perennial.event.SealedPayloads;
import dev.perennial.exchanger.Importing;
import dev.perennial.sealing.KeyRing;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The admin listener on a free port, everything under it in memory, its time standing still. */
final class AdminServer implements AutoCloseable {
  static final String TOKEN = "the-admin-token-of-this-test";
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final ConnectionKey ACME = new ConnectionKey("google", "acme");

  final MemoryStore store = new MemoryStore();
  final MemoryAuthorizations authorizations = new MemoryAuthorizations();
  final KnownIntegrations integrations =
      new KnownIntegrations()
          .with("google", true, true)
          .with("lasting", true, false)
          .with("machine", false, true)
          .with("shop", true, true)
          .with("unset", true, true, "PERENNIAL_UNSET_CLIENT_ID");
  final SealedPayloads payloads = new SealedPayloads(KeyRing.read(KeyRing.generate()));
  final List<Event> events = new CopyOnWriteArrayList<>();
  final List<ConnectionKey> revoked = new CopyOnWriteArrayList<>();
  final List<Act> acts = new CopyOnWriteArrayList<>();
  final Map<String, Caller> callers = new ConcurrentHashMap<>();
  volatile boolean kafkaAway;
  volatile Consumer<Event> afterEvent = _ -> {};
  volatile List<Readiness.Check> checks = List.of(Readiness.Check.up("redis"));

  private final HttpClient client = HttpClient.newHttpClient();
  private final ProcessMetrics metrics = new ProcessMetrics();
  final AdminRoutes routes;
  private final WebServerOf server;

  AdminServer(Duration refreshWait) {
    AdminSettings settings =
        new AdminSettings(
            URI.create("https://connect.example.com"),
            Set.of("https://app.example.com"),
            Duration.ofMinutes(15),
            refreshWait,
            Duration.ofMillis(5));
    routes =
        new AdminRoutes(
            new AdminPorts(
                integrations,
                store,
                authorizations,
                authorizations,
                this::publish,
                payloads,
                new Importing(payloads, RefreshPolicy.DEFAULT),
                (key, _, _) -> revoked.add(key),
                acts::add),
            settings,
            Callers.any(AdminKey.of(Secret.of(TOKEN)), this::caller),
            () -> checks,
            metrics::scrape,
            () -> NOW,
            System::nanoTime,
            RandomGenerator.getDefault());
    server = new WebServerOf(routes);
  }

  private Identity caller(Secret bearer) {
    Caller caller = callers.get(bearer.reveal());
    return caller == null ? Identity.Unknown.OF_ANOTHER_KIND : caller;
  }

  private void publish(Event event) {
    if (kafkaAway) {
      throw new UnavailableException("Kafka at localhost:1 does not answer.");
    }
    events.add(event);
    afterEvent.accept(event);
  }

  int port() {
    return server.port();
  }

  /** A connection whose token ends then; null = never. */
  CredentialState state(
      ConnectionKey key, Status status, long tokenGen, @Nullable Instant expiresAt) {
    Map<String, @Nullable Object> tokens = new HashMap<>();
    tokens.put("access_token", "access-" + tokenGen);
    tokens.put("refresh_token", "planted-refresh");
    tokens.put("nested", Map.of("refresh_token", "planted-other", "kept", 1));
    tokens.put("list", List.of("planted-refresh", "kept"));
    if (key.integration().equals("shop")) {
      tokens.put("data", Map.of("rt", "planted-data", "copy", List.of("planted-data")));
    }
    tokens.put(TokenResponse.OURS, Map.of("dpop_key", "planted-key"));
    return new CredentialState(
        key,
        1,
        tokenGen,
        tokenGen + 1,
        status,
        status == Status.ACTIVE ? Change.REFRESHED : Change.REFRESH_FAILED,
        status == Status.ACTIVE ? null : new Reason(Reason.UNAVAILABLE, "HTTP 503"),
        payloads.seal(key, new TokenResponse(tokens)),
        NOW.minusSeconds(60),
        expiresAt,
        NOW.plusSeconds(30),
        "Bearer",
        "read",
        NOW.minusSeconds(60),
        new GrantEnd(NOW.plus(Duration.ofDays(10)), false),
        null);
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  HttpResponse<String> put(String path, String json, String... headers) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(json));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  HttpResponse<String> get(String path, String... headers) {
    return send(request(path).headers(headers).GET());
  }

  HttpResponse<String> delete(String path) {
    return send(request(path).DELETE());
  }

  HttpRequest.Builder request(String path) {
    return request(path, TOKEN);
  }

  HttpRequest.Builder request(String path, String token) {
    return open(path).header("Authorization", "Bearer " + token);
  }

  HttpRequest.Builder open(String path) {
    return HttpRequest.newBuilder(server.uri(path));
  }

  /** Each answer must be one that the contract knows. */
  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      Contract.check(answer);
      return answer;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static JsonNode json(HttpResponse<String> response) {
    return Objects.requireNonNull(JsonMapper.shared().readTree(response.body()));
  }

  @Override
  public void close() {
    server.close();
    client.close();
    metrics.close();
  }
}
