package dev.perennial.app.console;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Scope;
import dev.perennial.app.admin.ConsoleAdmin;
import dev.perennial.app.console.change.ChangeMemory;
import dev.perennial.credentials.ExchangerReport;
import dev.perennial.domain.credential.Census;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The console on a free port and a browser without scripts. */
final class ConsoleServer implements AutoCloseable {
  static final String ADMIN = "everything-5f1d";
  static final String READER = "looks-only-77c0";
  private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");

  final ConsoleAdmin admin = new ConsoleAdmin();
  final ChangeMemory memory = new ChangeMemory();
  final AtomicReference<Optional<Census>> counts = new AtomicReference<>(Optional.empty());
  final AtomicReference<List<ExchangerReport>> exchangers = new AtomicReference<>(List.of());
  final AtomicReference<Instant> clock = new AtomicReference<>(ConsoleAdmin.NOW);
  final AtomicLong nanos = new AtomicLong();
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebServer server;
  private String cookie = "";

  ConsoleServer() {
    admin.know(ADMIN, Caller.admin("admin.token"));
    admin.know(READER, new Caller("key reader", Set.of(Scope.CONNECTIONS_READ), Optional.empty()));
    ConsoleRoutes routes =
        new ConsoleRoutes(
            new ConsolePorts(
                admin.calls(),
                admin.callers(),
                memory,
                counts::get,
                exchangers::get,
                admin.acts()::add,
                clock::get,
                nanos::get,
                new SecureRandom()));
    server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .shutdownHook(false)
            .routing(routing -> routing.register(routes))
            .build()
            .start();
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin() + "/console" + path));
    return cookie.isEmpty() ? request : request.header("Cookie", cookie);
  }

  String origin() {
    return "http://127.0.0.1:" + server.port();
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  /** As a page of ours does it. */
  HttpResponse<String> post(String path, Map<String, String> fields) {
    return send(form(path, fields).header("Origin", origin()));
  }

  HttpRequest.Builder form(String path, Map<String, String> fields) {
    String body =
        fields.entrySet().stream()
            .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return request(path)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Keeps the cookie, as a browser does. */
  HttpResponse<String> signIn(String key) {
    HttpResponse<String> answer = post("/sign-in", Map.of("key", key));
    answer
        .headers()
        .firstValue("Set-Cookie")
        .ifPresent(it -> cookie = it.substring(0, it.indexOf(';')));
    return answer;
  }

  String cookie() {
    return cookie;
  }

  void forgetCookie() {
    cookie = "";
  }

  /** That each form of the pages carries. */
  String token() {
    Matcher token = TOKEN.matcher(get("").body());
    if (!token.find()) {
      throw new AssertionError("no form with a token");
    }
    return String.valueOf(token.group(1));
  }

  @Override
  public void close() {
    memory.close();
    server.stop();
    client.close();
    admin.close();
  }
}
