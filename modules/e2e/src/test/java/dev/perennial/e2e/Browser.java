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

  private final HttpClient client =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /** Follows a link through every redirect to the last page. */
  HttpResponse<String> open(URI link) {
    return send(HttpRequest.newBuilder(link).GET());
  }

  /** Presses the one button of a page: its form sends the parameters of the link. */
  HttpResponse<String> press(URI link) {
    return send(
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
        HttpRequest.newBuilder(page.uri().resolve(action))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body + csrf)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(
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
  }
}
