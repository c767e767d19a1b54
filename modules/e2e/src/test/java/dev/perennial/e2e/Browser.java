package dev.perennial.e2e;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser without a screen: cookies, redirects, and forms that are filled in by name. */
final class Browser implements AutoCloseable {
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  private final CookieManager cookies = new CookieManager();
  private final HttpClient client = client(HttpClient.Redirect.NORMAL);
  private final HttpClient stopping = client(HttpClient.Redirect.NEVER);
  private final Map<String, String> headers;

  Browser() {
    this(Map.of());
  }

  /**
   * @param headers sent with every request
   */
  Browser(Map<String, String> headers) {
    this.headers = headers;
  }

  private HttpClient client(HttpClient.Redirect redirects) {
    return HttpClient.newBuilder()
        .cookieHandler(cookies)
        .followRedirects(redirects)
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  /** Follows a link through every redirect to the last page. */
  HttpResponse<String> open(URI link) {
    return send(client, HttpRequest.newBuilder(link).GET());
  }

  /** Where a link leads, not followed. */
  URI step(URI link) {
    HttpResponse<String> answer = send(stopping, HttpRequest.newBuilder(link).GET());
    return answer
        .headers()
        .firstValue("Location")
        .map(answer.uri()::resolve)
        .orElseThrow(() ->
            new IllegalStateException(
                "HTTP " + answer.statusCode() + " leads nowhere: " + answer.body()));
  }

  /** The value of a hidden field. */
  static String field(HttpResponse<String> page, String name) {
    Matcher field =
        Pattern.compile("name=\"" + name + "\"[^>]*value=\"([^\"]*)\"").matcher(page.body());
    if (!field.find()) {
      throw new IllegalStateException("no field " + name + ": " + page.body());
    }
    return String.valueOf(field.group(1));
  }

  /** Presses the one button of a page: its form sends the parameters of the link. */
  HttpResponse<String> press(URI link) {
    return send(
        client,
        HttpRequest.newBuilder(link.resolve(String.valueOf(link.getRawPath())))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(String.valueOf(link.getRawQuery()))));
  }

  /** Sends the form of a page, its anti-forgery token with it. */
  HttpResponse<String> submit(
      HttpResponse<String> page, String action, Map<String, String> fields) {
    Matcher token = CSRF.matcher(page.body());
    String csrf = token.find() ? "&_csrf=" + encoded(String.valueOf(token.group(1))) : "";
    String body =
        fields.entrySet().stream()
            .map(field -> field.getKey() + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        client,
        HttpRequest.newBuilder(page.uri().resolve(action))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body + csrf)));
  }

  private HttpResponse<String> send(HttpClient by, HttpRequest.Builder request) {
    headers.forEach(request::header);
    try {
      return by.send(
          request.header("Accept", "text/html").timeout(Duration.ofSeconds(20)).build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException("no page: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.close();
    stopping.close();
  }
}
