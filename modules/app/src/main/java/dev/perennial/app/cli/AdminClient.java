package dev.perennial.app.cli;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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

  /** Some hundreds of lines are imported. */
  private static final Duration MANY = Duration.ofMinutes(2);

  JsonNode get(String path) {
    return send("GET", path, BodyPublishers.noBody());
  }

  JsonNode post(String path, Map<String, ?> body) {
    return send(
        "POST", path, BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body)));
  }

  /** Sends JSON lines, and hands on each line of the answer. */
  void postLines(String path, String lines, Consumer<JsonNode> to) {
    HttpRequest request =
        request(path)
            .timeout(MANY)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(lines))
            .build();
    streamed(request, line -> to.accept(parse(line)));
  }

  /** Hands on each line of an answer of any length. */
  void getLines(String path, Consumer<String> to) {
    streamed(request(path).timeout(ANSWER).build(), to);
  }

  private void streamed(HttpRequest request, Consumer<String> to) {
    try (HttpClient client = client()) {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (BufferedReader in =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        if (response.statusCode() / 100 != 2) {
          throw refused(response.statusCode(), parse(in.lines().collect(Collectors.joining())));
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          to.accept(line);
        }
      }
    } catch (IOException e) {
      throw silent(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted");
    }
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
        request(path)
            .method(method, body)
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .build();
    try (HttpClient client = client()) {
      return read(client.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw silent(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted");
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Authorization", "Bearer " + token.reveal());
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT)
        .build();
  }

  private CommandFailure silent(IOException e) {
    return new CommandFailure(
        "the admin API at "
            + url
            + " does not answer. Does a process with the role credentials"
            + " run there? ("
            + e.getClass().getSimpleName()
            + ")");
  }

  private CommandFailure refused(int status, JsonNode problem) {
    return new CommandFailure(
        problem.path("detail").asString("the admin API at " + url + " answered HTTP " + status));
  }

  private JsonNode read(HttpResponse<String> response) {
    JsonNode json = parse(response.body());
    if (response.statusCode() / 100 != 2) {
      throw refused(response.statusCode(), json);
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
