package dev.perennial.e2e;

import dev.perennial.app.role.Node;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** What a process says of itself at {@code /metrics}, as Prometheus reads it. */
final class Scrape {
  private Scrape() {}

  static List<String> of(Node node) {
    URI uri = URI.create("http://127.0.0.1:" + node.adminPort() + "/metrics");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + Installed.ADMIN_TOKEN)
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString()).body().lines().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /**
   * @param series with its labels, as it is written
   * @return NaN where there is none
   */
  static double value(String series, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }
}
