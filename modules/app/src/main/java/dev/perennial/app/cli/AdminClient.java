package dev.perennial.app.cli;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Asks the admin API. What it refuses becomes a {@link CommandFailure} with the detail it gave.
 *
 * @param url without a slash at the end
 */
record AdminClient(URI url, Secret token) {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Longer than the API itself waits for a fresher token. */
  private static final Duration ANSWER = Duration.ofSeconds(45);

  JsonNode get(String path) {
    return send("GET", path, BodyPublishers.noBody());
  }

  JsonNode post(String path, Map<String, ?> body) {
    return send(
        "POST", path, BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)));
  }

  void delete(String path) {
    send("DELETE", path, BodyPublishers.noBody());
  }

  static String path(ConnectionKey key) {
    return "/v1/connections/" + key.integration() + "/" + encoded(key.connection());
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonNode send(String method, String path, HttpRequest.BodyPublisher body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .method(method, body)
            .timeout(ANSWER)
            .header("Authorization", "Bearer " + token.reveal())
            .header("Content-Type", "application/json")
            .build();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
      return read(client.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new CommandFailure(
          "the admin API at "
              + url
              + " does not answer. Does a process with the role credentials"
              + " run there? ("
              + e.getClass().getSimpleName()
              + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted");
    }
  }

  private JsonNode read(HttpResponse<String> response) {
    JsonNode json = parse(response.body());
    if (response.statusCode() / 100 != 2) {
      throw new CommandFailure(
          json.path("detail")
              .asString("the admin API at " + url + " answered HTTP " + response.statusCode()));
    }
    return json;
  }

  private static JsonNode parse(String body) {
    try {
      return body.isEmpty()
          ? JsonNodeFactory.instance.objectNode()
          : JsonMapper.shared().readTree(body);
    } catch (JacksonException _) {
      return JsonNodeFactory.instance.objectNode();
    }
  }
}
