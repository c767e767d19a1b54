package dev.perennial.app.dev;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Follows a consent link as a browser would: with cookies, through every redirect. */
final class DemoBrowser {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * @throws IllegalStateException where the last page is not a success
   */
  void follow(URI link) {
    try (HttpClient client =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(PATIENCE)
            .build()) {
      HttpRequest request = HttpRequest.newBuilder(link).timeout(PATIENCE).build();
      HttpResponse<Void> page = client.send(request, HttpResponse.BodyHandlers.discarding());
      if (page.statusCode() != 200) {
        throw new IllegalStateException(
            link.getPath()
                + " ended with HTTP "
                + page.statusCode()
                + " at "
                + page.uri().getPath());
      }
    } catch (IOException e) {
      throw new IllegalStateException(link.getPath() + " cannot be followed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted on the way to " + link.getPath(), e);
    }
  }
}
