package dev.perennial.app.admin;

import static dev.perennial.app.admin.AdminServer.ACME;
import static dev.perennial.app.admin.AdminServer.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Scope;
import dev.perennial.app.admin.Contract.Operation;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Property: whatever is sent to whichever operation of the contract, the answer is one that the
 * contract knows (see {@link AdminServer#send}) and none is a fault of ours.
 */
class ContractFuzzTest {
  /** Names the run; another one may find other things: -Dperennial.fuzz.seed=…. */
  private static final long SEED = Long.getLong("perennial.fuzz.seed", 20_260_301);

  private static final int REQUESTS = Integer.getInteger("perennial.fuzz.requests", 1_000);

  /** Nobody waits for a test. */
  private static final List<String> WAITS = List.of("0s", "1ms", "-1s", "61s", "1d", "soon", "");

  private final AdminServer server = new AdminServer(Duration.ofMillis(2));
  private final HostileValues values = new HostileValues(new Random(SEED));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void nothingThatIsSentIsAFaultOfOursAndEveryAnswerIsKnown() {
    server.callers.put(
        "limited",
        new Caller("limited", Set.of(Scope.CONNECTIONS_READ), Optional.of(Set.of("shop"))));
    List<Operation> operations = Contract.operations();
    Map<Integer, Integer> statuses = new TreeMap<>();
    for (int i = 0; i < REQUESTS; i++) {
      if (i % 50 == 0) {
        fill();
      }
      Operation operation = values.oneOf(operations);
      HttpRequest.Builder request = request(operation);
      HttpResponse<String> answer = server.send(request);
      assertThat(answer.statusCode())
          .as("seed %s, request %s: %s %s", SEED, i, operation, answer.uri())
          .isLessThan(500);
      statuses.merge(answer.statusCode(), 1, Integer::sum);
    }
    assertThat(statuses.keySet())
        .as("statuses reached: " + statuses)
        .contains(200, 201, 202, 204, 400, 401, 403, 404, 409, 415);
  }

  /** Connections in every state, so that requests have something to find. */
  private void fill() {
    server.store.states.clear();
    server.events.clear();
    server.authorizations.sessions.clear();
    Map<Status, String> names = new EnumMap<>(Status.class);
    for (Status status : Status.values()) {
      names.put(status, status == Status.ACTIVE ? "other" : status.text().replace('_', '-'));
    }
    server.store.set(server.state(ACME, Status.ACTIVE, 1, NOW.plusSeconds(600)));
    names.forEach((status, name) -> {
      if (status != Status.DELETED) {
        server.store.set(server.state(new ConnectionKey("google", name), status, 1, NOW));
        server.store.set(server.state(new ConnectionKey("shop", name), status, 1, null));
      }
    });
    server.store.delete(new ConnectionKey("shop", "expired"), 50);
  }

  private HttpRequest.Builder request(Operation operation) {
    String path = operation.path();
    List<String> query = new ArrayList<>();
    Map<String, String> headers = new TreeMap<>();
    for (JsonNode reference : operation.node().path("parameters")) {
      JsonNode parameter = Contract.resolved(reference);
      String name = parameter.path("name").asString();
      String value =
          name.equals("wait") ? values.oneOf(WAITS) : values.text(parameter.path("schema"));
      switch (parameter.path("in").asString()) {
        case "path" ->
            path = path.replace("{" + name + "}", encoded(value.isEmpty() ? "x" : value));
        case "query" -> {
          if (values.chance(40)) {
            query.add(name + "=" + encoded(value));
          }
        }
        default -> {
          if (values.chance(40)) {
            headers.put(name, value.replaceAll("[^\\x21-\\x7e]", "?"));
          }
        }
      }
    }
    if (values.chance(4)) {
      query.add(encoded(values.text()) + "=" + encoded(values.text()));
    }
    String token =
        values.chance(90) ? AdminServer.TOKEN : values.oneOf(List.of("limited", "x.y.z", "-"));
    HttpRequest.Builder request =
        server.request(path + (query.isEmpty() ? "" : "?" + String.join("&", query)), token);
    headers.forEach((name, value) -> request.header(name, value.isEmpty() ? "*" : value));
    return request.method(
        values.chance(3) ? "PATCH" : operation.method(), body(operation, request));
  }

  private BodyPublisher body(Operation operation, HttpRequest.Builder request) {
    JsonNode content = operation.node().path("requestBody").path("content");
    if (content.isMissingNode()) {
      return values.chance(95) ? BodyPublishers.noBody() : BodyPublishers.ofString(values.text());
    }
    String type = content.propertyNames().iterator().next();
    request.header("Content-Type", values.chance(96) ? type : "text/plain");
    JsonNode lines = content.path(type).path("x-line-schema");
    if (lines.isMissingNode()) {
      return BodyPublishers.ofByteArray(values.json(content.path(type).path("schema")));
    }
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(values.json(lines));
      all.add("\n".getBytes(StandardCharsets.UTF_8));
    }
    return BodyPublishers.ofByteArrays(all);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
