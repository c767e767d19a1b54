package dev.perennial.prove.browser;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A browser without a screen: each visit has cookies of its own, follows every redirect, and fills
 * in the forms it meets. Thread-safe.
 */
public final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int MOST_STEPS = 20;

  private final String user;
  private final String password;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(PATIENCE)
          .build();

  /**
   * @param user typed where a text is asked for
   */
  public Browser(String user, String password) {
    this.user = user;
    this.password = password;
  }

  /**
   * Follows a link to the last page.
   *
   * @param end the visit ends at a page of this origin that is no redirect
   * @throws IOException where a server does not answer
   */
  public Page visit(URI link, String end) throws IOException {
    CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    HttpRequest request = get(link);
    for (int step = 0; step < MOST_STEPS; step++) {
      HttpResponse<String> response = send(request, cookies);
      Optional<String> location = response.headers().firstValue("location");
      if (response.statusCode() / 100 == 3 && location.isPresent()) {
        request = get(response.uri().resolve(location.get()));
        continue;
      }
      Page page = new Page(response.statusCode(), response.uri(), response.body());
      Optional<Form> form =
          page.uri().toString().startsWith(end) ? Optional.empty() : Form.of(page, user, password);
      if (form.isEmpty()) {
        return page;
      }
      request = submit(form.get());
    }
    throw new IOException(link.getPath() + " leads from page to page without an end");
  }

  private static HttpRequest get(URI uri) {
    return HttpRequest.newBuilder(uri)
        .header("Accept", "text/html")
        .timeout(PATIENCE)
        .GET()
        .build();
  }

  private static HttpRequest submit(Form form) {
    if (!form.post()) {
      String action = form.action().toString();
      return get(URI.create(action + (action.contains("?") ? "&" : "?") + form.encoded()));
    }
    return HttpRequest.newBuilder(form.action())
        .header("Accept", "text/html")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .timeout(PATIENCE)
        .POST(HttpRequest.BodyPublishers.ofString(form.encoded()))
        .build();
  }

  private HttpResponse<String> send(HttpRequest request, CookieManager cookies) throws IOException {
    HttpRequest.Builder full = HttpRequest.newBuilder(request, (_, _) -> true);
    for (Map.Entry<String, List<String>> header : cookies.get(request.uri(), Map.of()).entrySet()) {
      header.getValue().forEach(value -> full.header(header.getKey(), value));
    }
    try {
      HttpResponse<String> response = client.send(full.build(), BodyHandlers.ofString());
      cookies.put(request.uri(), response.headers().map());
      return response;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted on the way to " + request.uri().getPath(), e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
