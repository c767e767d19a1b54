package dev.perennial.devstack.provider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Passes token requests on to a real server, and its answers back. Thread-safe. */
final class Upstream implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final long LONGEST_ANSWER = 4 << 20;

  // RFC 9110, section 7.6.1, and what each side says for itself. Without Accept-Encoding an answer
  // comes as the text that it is.
  private static final Set<String> NOT_FORWARDED =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "content-length",
          "expect",
          "host",
          "accept-encoding",
          Worker.HEADER.toLowerCase(Locale.ROOT));

  // The last two every answer of ours says by itself: no-store, and the length of the text.
  private static final Set<String> NOT_RETURNED =
      Set.of(
          "connection",
          "keep-alive",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "cache-control",
          "content-length");

  private final URI target;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_LIMIT)
          .build();

  Upstream(URI target) {
    this.target = target;
  }

  /**
   * @throws IOException where no whole answer came: whether the request was processed is unknown
   */
  HttpResponse forward(HttpRequest request) throws IOException {
    java.net.http.HttpRequest.Builder forwarded =
        java.net.http.HttpRequest.newBuilder(uri(request.query()))
            .timeout(ANSWER_LIMIT)
            .POST(BodyPublishers.ofString(request.body(), StandardCharsets.UTF_8));
    Set<String> dropped = dropped(request);
    request
        .headers()
        .forEach((name, value) -> {
          if (!dropped.contains(name)) {
            forwarded.header(name, value);
          }
        });
    BodyHandler<String> text = BodyHandlers.ofString(StandardCharsets.UTF_8);
    try {
      return response(http.send(forwarded.build(), BodyHandlers.limiting(text, LONGEST_ANSWER)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before the server answered", e);
    }
  }

  private static Set<String> dropped(HttpRequest request) {
    Set<String> dropped = new TreeSet<>(NOT_FORWARDED);
    String named = request.headers().getOrDefault("connection", "");
    for (String each : named.split(",", -1)) {
      dropped.add(each.strip().toLowerCase(Locale.ROOT));
    }
    return dropped;
  }

  private URI uri(String query) {
    if (query.isEmpty()) {
      return target;
    }
    return URI.create(target + (target.getRawQuery() == null ? "?" : "&") + query);
  }

  private static HttpResponse response(java.net.http.HttpResponse<String> answer) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> header : answer.headers().map().entrySet()) {
      if (!NOT_RETURNED.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        headers.put(header.getKey(), String.join(", ", header.getValue()));
      }
    }
    return new HttpResponse(answer.statusCode(), headers, answer.body());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
