package dev.perennial.app.admin;

import static dev.perennial.app.admin.AdminRoutesTest.assertProblem;
import static dev.perennial.app.admin.AdminServer.ACME;
import static dev.perennial.app.admin.AdminServer.NOW;
import static dev.perennial.app.admin.AdminServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.authorization.SessionId;
import dev.perennial.domain.authorization.SessionStatus;
import dev.perennial.domain.authorization.SessionStatus.State;
import dev.perennial.domain.credential.Reason;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Consent links and how they went. */
class ConnectSessionEndpointTest {
  private final AdminServer server = new AdminServer(Duration.ofMillis(200));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_session_has_a_public_id_that_is_not_its_secret() {
    JsonNode answer = json(create("{\"integration\":\"google\",\"connection\":\"acme\"}"));

    String id = answer.get("id").asString();
    assertThat(id).matches("[\\w-]{22}");
    assertThat(answer.get("connect_url").asString()).doesNotContain(id);
    assertThat(server.authorizations.sessions.keySet())
        .singleElement()
        .satisfies(session -> assertThat(SessionId.of(session).text()).isEqualTo(id));
  }

  @Test
  void its_status_is_told_by_the_id() {
    String id =
        json(create("{\"integration\":\"google\",\"connection\":\"acme\"}")).get("id").asString();

    HttpResponse<String> answer = server.get("/v1/connect-sessions/" + id);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"id\":\""
                + id
                + "\",\"integration\":\"google\",\"connection\":\"acme\",\"status\":\"open\","
                + "\"usable\":true,\"expires_at\":\"2026-03-01T12:15:00Z\"}");
  }

  @Test
  void a_failed_one_says_why() {
    String id = "abcdefghijklmnopqrstuv";
    server.authorizations.statuses.put(
        new SessionId(id),
        new SessionStatus(
            ACME,
            State.FAILED,
            "consent-1",
            new Reason(Reason.DECLINED, "access_denied"),
            true,
            NOW));

    JsonNode answer = json(server.get("/v1/connect-sessions/" + id));
    assertThat(answer.get("status").asString()).isEqualTo("failed");
    assertThat(answer.get("authorization").asString()).isEqualTo("consent-1");
    assertThat(answer.get("reason").asString()).isEqualTo("declined");
    assertThat(answer.get("reason_detail").asString()).isEqualTo("access_denied");
    assertThat(answer.get("usable").asBoolean()).isTrue();
  }

  @Test
  void an_unknown_one_is_not_found_whatever_the_id_looks_like() {
    assertProblem(server.get("/v1/connect-sessions/abcdefghijklmnopqrstuv"), 404, "No session");
    assertProblem(server.get("/v1/connect-sessions/x"), 404, "No session");
    assertProblem(server.delete("/v1/connect-sessions/x"), 405, "GET");
    assertThat(server.send(server.open("/v1/connect-sessions/x").GET()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void more_scopes_travel_with_the_session() {
    assertThat(create("{\"integration\":\"google\",\"scopes\":[\"a\",\"b\"]}").statusCode())
        .isEqualTo(201);
    assertThat(server.authorizations.sessions.values())
        .singleElement()
        .satisfies(what -> assertThat(what.scopes()).isEqualTo(List.of("a", "b")));
  }

  @Test
  void scopes_that_cannot_be_asked_for_are_refused() {
    assertProblem(
        create("{\"integration\":\"shop\",\"variables\":{\"SHOP\":\"x\"},\"scopes\":[\"a\"]}"),
        400,
        "shop/default: scopes: no place for them");
    assertProblem(create("{\"integration\":\"google\",\"scopes\":\"a\"}"), 400, "list of strings");
    assertProblem(create("{\"integration\":\"google\",\"scopes\":[1]}"), 400, "list of strings");
    assertThat(server.authorizations.sessions).isEmpty();
  }

  private HttpResponse<String> create(String body) {
    return server.post("/v1/connect-sessions", body);
  }
}
