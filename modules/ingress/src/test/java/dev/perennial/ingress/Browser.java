package dev.perennial.ingress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One browser: follows nothing by itself, keeps our cookie, shows what came back. */
final class Browser {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Pattern STATE = Pattern.compile("[?&]state=([^&]*)");

  private final Ingress ingress;
  @Nullable String cookie;

  Browser(Ingress ingress) {
    this.ingress = ingress;
  }

  /** Status, body and headers of an answer. */
  record Shown(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String text() {
      return response.body();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  Shown get(String path) {
    return send(request(path).GET());
  }

  Shown head(String path) {
    return send(request(path).method("HEAD", BodyPublishers.noBody()));
  }

  Shown method(String method, String path) {
    return send(request(path).method(method, BodyPublishers.noBody()));
  }

  Shown get(String path, String header, String value) {
    return send(request(path).header(header, value).GET());
  }

  /** A POST from our own pages. */
  Shown post(String path, String form) {
    return send(form(path, form));
  }

  /** A POST from a provider's page: a SameSite=Lax cookie stays at home. */
  Shown postCrossSite(String path, String form) {
    String kept = cookie;
    cookie = null;
    Shown shown = send(form(path, form));
    cookie = kept;
    return shown;
  }

  /** Begins a consent and gives the state that the provider will send back. */
  String begin(String path) {
    Shown shown = get(path);
    if (shown.status() != 302) {
      throw new AssertionError(path + " answered " + shown.status() + ": " + shown.text());
    }
    Matcher state = STATE.matcher(shown.header("Location"));
    if (!state.find()) {
      throw new AssertionError("no state in " + shown.header("Location"));
    }
    return URLDecoder.decode(Objects.requireNonNull(state.group(1)), StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder form(String path, String form) {
    return request(path)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(form));
  }

  private HttpRequest.Builder request(String path) {
    URI uri = ingress.at(path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10));
    return cookie == null ? request : request.header("Cookie", cookie);
  }

  private Shown send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
      response
          .headers()
          .firstValue("Set-Cookie")
          .ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
      return new Shown(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
