package dev.perennial.app.admin;

import static dev.perennial.app.admin.AdminRoutesTest.assertProblem;
import static dev.perennial.app.admin.AdminServer.NOW;
import static dev.perennial.app.admin.AdminServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Scope;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.Event;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Many access tokens in one answer. */
class BatchEndpointTest {
  private static final String PATH = "/v1/credentials/batch";

  private final AdminServer server = new AdminServer(Duration.ofMillis(300));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void eachIsInOneOfFourLists() {
    live("a", 60);
    live("b", 60);
    live("c", 60);
    server.store.delete(key("c"), 50);
    server.store.set(server.state(key("d"), Status.REFRESH_FAILING, 1, NOW.minusSeconds(1)));

    JsonNode answer =
        read(
            """
            {"connections":["google/a",{"connection":"google/b","etag":"1-2"},
             {"connection":"google/a","etag":"1-2"},"google/c","google/d","google/nobody"]}
            """);

    assertThat(answer.get("credentials")).hasSize(1);
    JsonNode found = answer.get("credentials").get(0);
    assertThat(found.get("integration").asString()).isEqualTo("google");
    assertThat(found.get("connection").asString()).isEqualTo("a");
    assertThat(found.get("etag").asString()).isEqualTo("1-2");
    assertThat(found.get("access_token").asString()).isEqualTo("access-1");
    assertThat(found.get("expires_at").asString()).isEqualTo("2026-03-01T12:01:00Z");
    assertThat(found.get("oauth").get("nested").get("kept").asInt()).isEqualTo(1);
    assertThat(answer.get("unchanged").toString()).isEqualTo("[\"google/b\"]");
    assertThat(answer.get("unavailable").toString())
        .isEqualTo(
            "[{\"integration\":\"google\",\"connection\":\"c\",\"status\":\"deleted\","
                + "\"reason\":null},{\"integration\":\"google\",\"connection\":\"d\","
                + "\"status\":\"refresh_failing\",\"reason\":\"unavailable\"}]");
    assertThat(answer.get("unknown").toString()).isEqualTo("[\"google/nobody\"]");
    assertThat(answer.toString()).doesNotContain("planted");
  }

  @Test
  void aTagMayStandInQuotesAsTheHeaderHasIt() {
    live("a", 60);
    for (String tag : List.of("\\\"1-2\\\"", "W/\\\"1-2\\\"", "1-2")) {
      JsonNode answer =
          read("{\"connections\":[{\"connection\":\"google/a\",\"etag\":\"" + tag + "\"}]}");
      assertThat(answer.get("unchanged")).as(tag).hasSize(1);
    }
  }

  @Test
  void whatIsTooOldIsAskedForAtOnceAndWaitedForTogether() {
    IntStream.range(0, 50).forEach(i -> live("m" + i, 60));
    server.afterEvent =
        event -> {
          if (!event.key().connection().equals("m7")) {
            server.store.set(server.state(event.key(), Status.ACTIVE, 2, NOW.plusSeconds(3600)));
          }
        };
    String all =
        IntStream.range(0, 50)
            .mapToObj(i -> "\"google/m" + i + "\"")
            .collect(Collectors.joining(","));

    JsonNode answer = read("{\"connections\":[" + all + "],\"min_validity\":\"5m\"}");

    assertThat(answer.get("credentials")).hasSize(49);
    answer
        .get("credentials")
        .forEach(one -> assertThat(one.get("access_token").asString()).isEqualTo("access-2"));
    assertThat(answer.get("unavailable").get(0).get("connection").asString()).isEqualTo("m7");
    assertThat(server.events.stream().filter(Event.RefreshDue.class::isInstance)).hasSize(50);
  }

  @Test
  void whatNeedsAConsentIsNotWaitedFor() {
    server.store.set(
        server.state(key("a"), Status.REAUTHORIZATION_REQUIRED, 1, NOW.minusSeconds(1)));
    assertThat(read("{\"connections\":[\"google/a\"]}").get("unavailable")).hasSize(1);
    assertThat(server.events).isEmpty();
  }

  @Test
  void whatTheCallerDoesNotSeeIsUnknown() {
    live("a", 60);
    server.callers.put(
        "limited", new Caller("x", Set.of(Scope.CREDENTIALS_READ), Optional.of(Set.of("shop"))));
    HttpResponse<String> answer =
        server.send(
            server
                .request(PATH, "limited")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"connections\":[\"google/a\"]}")));
    assertThat(json(answer).get("unknown").toString()).isEqualTo("[\"google/a\"]");
    assertThat(answer.body()).doesNotContain("access-1");
  }

  @Test
  void whatCannotBeReadIsRefused() {
    for (String body :
        List.of(
            "{}",
            "{\"connections\":[]}",
            "{\"connections\":[7]}",
            "{\"connections\":[null]}",
            "{\"connections\":[{}]}",
            "{\"connections\":[{\"connection\":\"google/a\",\"etag\":1}]}",
            "{\"connections\":[{\"connection\":\"google/a\",\"tag\":\"1\"}]}",
            "{\"connections\":[\"Google/a\"]}",
            "{\"connections\":[\"google/a\"],\"min_validity\":60}",
            "{\"connections\":[\"google/a\"],\"min_validity\":\"2d\"}",
            "{\"connections\":[\"google/a\"],\"more\":1}",
            "{\"connections\":["
                + IntStream.range(0, 1001)
                    .mapToObj(i -> "\"google/a" + i + "\"")
                    .collect(Collectors.joining(","))
                + "]}")) {
      assertProblem(server.post(PATH, body), 400, "");
    }
  }

  private static ConnectionKey key(String id) {
    return new ConnectionKey("google", id);
  }

  private void live(String id, int seconds) {
    server.store.set(server.state(key(id), Status.ACTIVE, 1, NOW.plusSeconds(seconds)));
  }

  private JsonNode read(String body) {
    HttpResponse<String> answer = server.post(PATH, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    return json(answer);
  }
}
