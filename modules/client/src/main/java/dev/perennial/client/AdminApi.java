package dev.perennial.client;

import dev.perennial.client.CredentialException.Kind;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.event.JsonObjects;
import dev.perennial.event.MalformedJsonException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The few requests of the admin API that a client makes. Every answer has a size limit, every
 * request a deadline that covers its body; redirects are not followed. What goes wrong is a {@link
 * CredentialException}. Thread-safe.
 */
final class AdminApi {
  /** What JSON is read up to. */
  static final int MAX_ANSWER_BYTES = JsonObjects.MAX_BYTES;

  /** The longest a request may ask the API to wait. */
  static final Duration MAX_WAIT = Duration.ofSeconds(60);

  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int NOT_MODIFIED = 304;

  private final URI base;
  private final Secret apiKey;
  private final Duration deadline;
  private final HttpClient http;

  /**
   * @param base scheme, host and port, and a path where a proxy adds one
   * @param deadline of a request, beyond what it asks the API to wait
   * @throws IllegalArgumentException where the URI is no http(s) URI with a host
   */
  AdminApi(URI base, Secret apiKey, Duration deadline) {
    boolean web = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
    if (!web || base.getHost() == null || base.getQuery() != null || base.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "not the URI of an admin listener: expected http(s)://host:port");
    }
    this.base = URI.create(base.toString().replaceAll("/+$", ""));
    this.apiKey = apiKey;
    this.deadline = deadline;
    this.http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(deadline)
            .build();
  }

  /** Asks for a refresh; done when that was taken in. */
  CompletableFuture<@Nullable Void> refresh(ConnectionKey key) {
    HttpRequest.Builder request = request(path(key) + "/refresh").POST(BodyPublishers.noBody());
    return send(key, request, deadline)
        .thenApply(answer -> {
          if (answer.statusCode() != ACCEPTED && answer.statusCode() != OK) {
            throw problem(key, answer);
          }
          return null;
        });
  }

  /**
   * The token of a connection.
   *
   * @param least how much must be left of it; the API refreshes where it is less
   * @param timeout what the API takes for that counts too
   */
  CompletableFuture<Fetched> credentials(ConnectionKey key, Duration least, Duration timeout) {
    String path = path(key) + "/credentials";
    String query = least.isZero() ? "" : "?min_validity=" + millis(least);
    return send(key, request(path + query), timeout).thenApply(answer -> fetched(key, answer));
  }

  /**
   * Waits for another version than the one with this tag.
   *
   * @return empty where none came in that time
   */
  CompletableFuture<Optional<Fetched>> next(
      ConnectionKey key, @Nullable String etag, Duration wait) {
    HttpRequest.Builder request;
    if (etag == null) {
      request = request(path(key) + "/credentials");
    } else {
      request =
          request(path(key) + "/credentials?wait=" + Math.max(1, wait.toSeconds()) + "s")
              .header("If-None-Match", quoted(etag));
    }
    return send(key, request, wait.plus(deadline))
        .thenApply(answer ->
            answer.statusCode() == NOT_MODIFIED
                ? Optional.empty()
                : Optional.of(fetched(key, answer)));
  }

  /** What has changed of some connections. */
  CompletableFuture<Map<String, @Nullable Object>> batch(Collection<Map<String, String>> entries) {
    byte[] body = JsonObjects.write(Map.of("connections", List.copyOf(entries)));
    HttpRequest.Builder request =
        request("/v1/credentials/batch")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body));
    return send(null, request, deadline)
        .thenApply(answer -> {
          if (answer.statusCode() != OK) {
            throw problem(null, answer);
          }
          return object(null, answer);
        });
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + apiKey.reveal())
        .header("Accept", "application/json");
  }

  /** What a connection id may hold beside letters and digits is legal in a path (RFC 3986). */
  private static String path(ConnectionKey key) {
    return "/v1/connections/" + key.integration() + "/" + key.connection();
  }

  private static String millis(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  private static String quoted(String etag) {
    return etag.endsWith("\"") ? etag : '"' + etag + '"';
  }

  private CompletableFuture<HttpResponse<byte[]>> send(
      @Nullable ConnectionKey key, HttpRequest.Builder request, Duration given) {
    Duration timeout = given.toMillis() > 0 ? given : Duration.ofMillis(1);
    CompletableFuture<HttpResponse<byte[]>> call =
        http.sendAsync(request.timeout(timeout).build(), LimitedBody.upTo(MAX_ANSWER_BYTES));
    CompletableFuture<HttpResponse<byte[]>> answered = new CompletableFuture<>();
    Futures.settle(
        call.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS),
        answered::complete,
        failure -> {
          call.cancel(true); // the body is not waited for either
          answered.completeExceptionally(unavailable(key, failure, timeout));
        });
    return answered;
  }

  private Exception unavailable(@Nullable ConnectionKey key, Throwable cause, Duration timeout) {
    if (cause instanceof LimitedBody.TooLongException tooLong) {
      return tooLong;
    }
    boolean late = cause instanceof TimeoutException || cause instanceof HttpTimeoutException;
    String what =
        late
            ? "did not answer within " + timeout
            : cause instanceof ConnectException ? "refuses connections" : "failed: " + cause;
    return new CredentialException(
        Kind.UNAVAILABLE,
        key,
        about(key) + "the admin API at " + base + " " + what + ". Does it run there?",
        cause);
  }

  private Fetched fetched(ConnectionKey key, HttpResponse<byte[]> answer) {
    if (answer.statusCode() != OK) {
      throw problem(key, answer);
    }
    String etag = answer.headers().firstValue("ETag").orElse(null);
    return Fetched.read(key, etag, object(key, answer));
  }

  private Map<String, @Nullable Object> object(
      @Nullable ConnectionKey key, HttpResponse<byte[]> answer) {
    try {
      return JsonObjects.read(answer.body());
    } catch (MalformedJsonException e) {
      throw new CredentialException(
          Kind.UNAVAILABLE,
          key,
          about(key) + base + " does not answer as the admin API does (" + e.getMessage() + ")",
          e);
    }
  }

  private CredentialException problem(@Nullable ConnectionKey key, HttpResponse<byte[]> answer) {
    Map<String, @Nullable Object> document = document(answer);
    String detail = text(document.get("detail"));
    return switch (answer.statusCode()) {
      case 401, 403 ->
          new CredentialException(
              Kind.NOT_ALLOWED,
              key,
              about(key)
                  + "the admin API at "
                  + base
                  + " answers "
                  + answer.statusCode()
                  + ". Is the API key right, and does it have the scopes credentials:read and"
                  + " connections:write for this integration?");
      case 404 -> missing(key, text(document.get("type")));
      case 409 -> conflict(key, text(document.get("connection_status")), detail);
      default ->
          new CredentialException(
              Kind.UNAVAILABLE,
              key,
              about(key)
                  + "the admin API at "
                  + base
                  + " answers "
                  + answer.statusCode()
                  + (detail.isEmpty() ? "" : ": " + detail));
    };
  }

  private CredentialException missing(@Nullable ConnectionKey key, String type) {
    return key != null && type.endsWith(":unknown-connection")
        ? CredentialException.unknown(key)
        : new CredentialException(
            Kind.UNAVAILABLE, key, about(key) + base + " answers 404: is that the admin listener?");
  }

  private CredentialException conflict(@Nullable ConnectionKey key, String status, String detail) {
    if (key == null) {
      return new CredentialException(Kind.UNAVAILABLE, null, base + " answers 409: " + detail);
    }
    return switch (status) {
      case "reauthorization_required" -> CredentialException.reauthorize(key, null);
      case "deleted" -> CredentialException.deleted(key);
      case "expired" -> new CredentialException(Kind.EXPIRED, key, detail);
      default -> new CredentialException(Kind.NOT_FRESH, key, detail);
    };
  }

  private static Map<String, @Nullable Object> document(HttpResponse<byte[]> answer) {
    try {
      return JsonObjects.read(answer.body());
    } catch (MalformedJsonException e) {
      return new LinkedHashMap<>(); // a proxy's page, perhaps; the status says enough
    }
  }

  private static String text(@Nullable Object value) {
    if (!(value instanceof String text)) {
      return "";
    }
    String head = text.length() > 500 ? text.substring(0, 500) + "…" : text;
    return head.replaceAll("\\p{Cntrl}", " ");
  }

  private static String about(@Nullable ConnectionKey key) {
    return key == null ? "" : key + ": ";
  }
}
