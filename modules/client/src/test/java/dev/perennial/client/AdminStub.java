package dev.perennial.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.perennial.domain.Secret;
import dev.perennial.event.JsonObjects;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers as the admin API's contract says, from what a test has put in. */
final class AdminStub implements AutoCloseable {
  static final Secret KEY = Secret.of("an-api-key-of-the-tests");
  private static final Pattern CONNECTION =
      Pattern.compile("/v1/connections/([^/]+/[^/]+)/(credentials|refresh)");

  private final Map<String, Held> connections = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Object change = new Object();
  final List<String> requests = new CopyOnWriteArrayList<>();
  volatile Runnable onRefresh = () -> {};
  volatile String mood = "";

  /** What is there of one connection. */
  record Held(long grant, long version, String token, @Nullable Instant end, String status) {
    String etag() {
      return "\"" + grant + "-" + version + "\"";
    }
  }

  AdminStub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void put(String connection, long version, String token, @Nullable Instant end) {
    put(connection, new Held(1, version, token, end, "active"));
  }

  void put(String connection, Held held) {
    synchronized (change) {
      connections.put(connection, held);
      change.notifyAll();
    }
  }

  void remove(String connection) {
    connections.remove(connection);
  }

  long count(String start) {
    return requests.stream().filter(line -> line.startsWith(start)).count();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String etag = exchange.getRequestHeaders().getFirst("If-None-Match");
      requests.add(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI()
              + (etag == null ? "" : " unless " + etag));
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (!("Bearer " + KEY.reveal())
          .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        answer(exchange, 401, Map.of("detail", "no"));
      } else if (mood.equals("endless")) {
        endless(exchange);
      } else if (mood.equals("hanging")) {
        closed.await();
      } else if (mood.equals("broken")) {
        answer(exchange, 503, Map.of("detail", "Redis does not answer"));
      } else {
        route(exchange, body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      byte[] blanks = " ".repeat(1 << 16).getBytes(UTF_8);
      while (closed.getCount() > 0) {
        out.write(blanks);
      }
    }
  }

  private void route(HttpExchange exchange, byte[] body) throws Exception {
    String path = Objects.requireNonNull(exchange.getRequestURI().getPath());
    Matcher connection = CONNECTION.matcher(path);
    if (path.equals("/v1/credentials/batch")) {
      batch(exchange, body);
    } else if (!connection.matches()) {
      answer(exchange, 404, Map.of("type", "urn:perennial:problem:not-found"));
    } else if (!connections.containsKey(Objects.requireNonNull(connection.group(1)))) {
      answer(exchange, 404, Map.of("type", "urn:perennial:problem:unknown-connection"));
    } else if (path.endsWith("/refresh")) {
      onRefresh.run();
      answer(exchange, 202, Map.of("status", "active"));
    } else {
      credentials(exchange, Objects.requireNonNull(connection.group(1)));
    }
  }

  private void credentials(HttpExchange exchange, String connection) throws Exception {
    String query = Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), "");
    if (query.startsWith("min_validity=")) {
      onRefresh.run();
    }
    String known = exchange.getRequestHeaders().getFirst("If-None-Match");
    Held held = known == null ? connections.get(connection) : changed(connection, known, query);
    Objects.requireNonNull(held);
    exchange.getResponseHeaders().add("ETag", held.etag());
    if (held.etag().equals(known)) {
      exchange.sendResponseHeaders(304, -1);
    } else if (held.status().equals("active")) {
      answer(exchange, 200, credentials(held));
    } else {
      answer(
          exchange,
          409,
          Map.of("detail", connection + " says no.", "connection_status", held.status()));
    }
  }

  private Held changed(String connection, String etag, String query) throws InterruptedException {
    long seconds = query.startsWith("wait=") ? Long.parseLong(query.replaceAll("\\D", "")) : 0;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    synchronized (change) {
      while (true) {
        Held held = Objects.requireNonNull(connections.get(connection));
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (!held.etag().equals(etag) || left <= 0) {
          return held;
        }
        change.wait(left);
      }
    }
  }

  private static Map<String, @Nullable Object> credentials(Held held) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("access_token", held.token());
    answer.put("token_type", "bearer");
    answer.put("expires_at", held.end() == null ? null : held.end().toString());
    answer.put("version", held.version());
    answer.put("oauth", Map.of("access_token", held.token(), "scope", "mail"));
    return answer;
  }

  private void batch(HttpExchange exchange, byte[] body) throws Exception {
    List<Object> credentials = new ArrayList<>();
    List<Object> unchanged = new ArrayList<>();
    List<Object> unavailable = new ArrayList<>();
    List<Object> unknown = new ArrayList<>();
    for (Object entry :
        (List<?>) Objects.requireNonNull(JsonObjects.read(body).get("connections"))) {
      String name = String.valueOf(((Map<?, ?>) entry).get("connection"));
      Held held = connections.get(name);
      if (held == null) {
        unknown.add(name);
      } else if (!held.status().equals("active")) {
        unavailable.add(named(name, Map.of("status", held.status(), "reason", "refused")));
      } else if (held.etag().equals(((Map<?, ?>) entry).get("etag"))) {
        unchanged.add(name);
      } else {
        Map<String, @Nullable Object> found = credentials(held);
        found.put("etag", held.etag());
        credentials.add(named(name, found));
      }
    }
    answer(
        exchange,
        200,
        Map.of(
            "credentials", credentials,
            "unchanged", unchanged,
            "unavailable", unavailable,
            "unknown", unknown));
  }

  private static Map<String, @Nullable Object> named(
      String name, Map<String, ? extends @Nullable Object> members) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(members);
    all.put("integration", name.substring(0, name.indexOf('/')));
    all.put("connection", name.substring(name.indexOf('/') + 1));
    return all;
  }

  private static void answer(
      HttpExchange exchange, int status, Map<String, ? extends @Nullable Object> json)
      throws IOException {
    byte[] body = JsonObjects.write(json);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
