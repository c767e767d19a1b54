package dev.perennial.e2e;

import dev.perennial.domain.ConnectionKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The admin API of a node, as its operator calls it. */
final class AdminApi implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;

  AdminApi(int port) {
    this.base = "http://127.0.0.1:" + port + "/v1";
  }

  /**
   * A one-time link.
   *
   * @param variables what the connection brings itself
   */
  URI connectLink(ConnectionKey key, Map<String, String> variables) {
    Map<String, Object> body =
        variables.isEmpty()
            ? Map.of("integration", key.integration(), "connection", key.connection())
            : Map.of(
                "integration",
                key.integration(),
                "connection",
                key.connection(),
                "variables",
                variables);
    JsonNode answer =
        send(
            201,
            request("/connect-sessions")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    return URI.create(answer.path("connect_url").asString());
  }

  /** Makes a connect session. */
  JsonNode newSession(Map<String, ?> wanted) {
    return send(
        201,
        request("/connect-sessions")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(wanted))));
  }

  /** How a connect session has gone so far. */
  JsonNode session(String id) {
    return send(200, request("/connect-sessions/" + id).GET());
  }

  JsonNode connection(ConnectionKey key) {
    return send(200, request(path(key)).GET());
  }

  /** The access token with what belongs to it. */
  JsonNode credentials(ConnectionKey key) {
    return send(200, request(path(key) + "/credentials").GET());
  }

  void refresh(ConnectionKey key) {
    send(202, request(path(key) + "/refresh").POST(BodyPublishers.noBody()));
  }

  void delete(ConnectionKey key) {
    send(204, request(path(key)).DELETE());
  }

  private static String path(ConnectionKey key) {
    return "/connections/" + key.integration() + "/" + key.connection();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + Installed.ADMIN_TOKEN);
  }

  private JsonNode send(int expected, HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      if (answer.statusCode() != expected) {
        throw new AssertionError("status " + answer.statusCode() + ": " + answer.body());
      }
      return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
