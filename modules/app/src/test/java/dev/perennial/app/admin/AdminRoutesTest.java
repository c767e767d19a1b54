package dev.perennial.app.admin;

import static dev.perennial.app.admin.AdminServer.ACME;
import static dev.perennial.app.admin.AdminServer.NOW;
import static dev.perennial.app.admin.AdminServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.access.AdminKey;
import dev.perennial.app.audit.AuditTrail;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.authorization.ConnectSessions.ConnectSession;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.RefreshDue;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AdminRoutesTest {
  private static final String PATH = "/v1/connections/google/acme";

  private final AdminServer server = new AdminServer(Duration.ofMillis(300));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aConnectSessionIsMadeAndItsLinkGivenBack() {
    HttpResponse<String> answer =
        server.post(
            "/v1/connect-sessions",
            """
            {"integration":"google","connection":"acme","return_to":"https://app.example.com/x"}
            """);

    assertThat(answer.statusCode()).isEqualTo(201);
    String url = json(answer).get("connect_url").asString();
    assertThat(url).matches("https://connect\\.example\\.com/connect/google\\?session=[\\w-]{43}");
    assertThat(json(answer).get("expires_at").asString()).isEqualTo("2026-03-01T12:15:00Z");
    assertThat(server.authorizations.sessions)
        .hasSize(1)
        .allSatisfy((session, what) -> {
          assertThat(url).endsWith(session.reveal());
          assertThat(what).isEqualTo(new ConnectSession(ACME, "https://app.example.com/x"));
        });
  }

  @Test
  void aConnectSessionIsForTheDefaultConnectionUnlessNamed() {
    assertThat(server.post("/v1/connect-sessions", "{\"integration\":\"google\"}").statusCode())
        .isEqualTo(201);

    assertThat(server.authorizations.sessions.values())
        .containsExactly(new ConnectSession(new ConnectionKey("google", "default"), null));
  }

  @Test
  void aConnectSessionBringsTheValuesOfTheConnection() {
    assertThat(session("{\"integration\":\"shop\",\"variables\":{\"SHOP\":\"acme\"}}").statusCode())
        .isEqualTo(201);
    assertThat(server.authorizations.sessions.values())
        .containsExactly(
            new ConnectSession(new ConnectionKey("shop", "default"), null, Map.of("SHOP", "acme")));
  }

  @Test
  void aGrantWithoutABrowserHasALinkToo() {
    assertThat(session("{\"integration\":\"machine\"}").statusCode()).isEqualTo(201);
  }

  @Test
  void aConnectSessionThatCannotWorkIsRefusedWithTheReason() {
    assertProblem(session("{\"integration\":\"gogle\"}"), 404, "There are: google, lasting");
    assertProblem(
        session("{\"integration\":\"shop\"}"), 400, "shop/default: variables: SHOP is missing");
    assertProblem(session("{\"integration\":\"google\",\"variables\":{\"X\":\"1\"}}"), 400, "none");
    assertProblem(session("{\"integration\":\"shop\",\"variables\":{\"SHOP\":1}}"), 400, "SHOP");
    assertProblem(session("{\"integration\":\"shop\",\"variables\":[]}"), 400, "object");
    assertProblem(session("{\"integration\":\"unset\"}"), 409, "PERENNIAL_UNSET_CLIENT_ID");
    assertProblem(session("{}"), 400, "integration is missing");
    assertProblem(session("{\"integration\":5}"), 400, "must be a string");
    assertProblem(session("{\"integration\":\"a/b\"}"), 400, "not an integration");
    assertProblem(session("{\"integration\":\"google\",\"conection\":\"x\"}"), 400, "'conection'");
    assertProblem(session("[]"), 400, "one JSON object");
    assertProblem(session("{\"integration\":\"google\"} x"), 400, "one JSON object");
    for (String url :
        List.of("https://evil.example/", "https://app.example.com@evil.example/", "/x", "ht tp")) {
      assertProblem(
          session("{\"integration\":\"google\",\"return_to\":\"" + url + "\"}"), 400, "return_to");
    }
    assertThat(server.authorizations.sessions).isEmpty();
  }

  @Test
  void aBodyMustBeJsonAndShort() {
    HttpResponse<String> form =
        server.send(
            server
                .request("/v1/connect-sessions")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("integration=google")));

    assertProblem(form, 415, "application/json");
    assertProblem(session("{\"integration\":\"" + "x".repeat(70_000) + "\"}"), 413, "65536");
  }

  @Test
  void aConnectionIsShownWithoutItsTokens() {
    server.store.set(server.state(ACME, Status.REFRESH_FAILING, 7, NOW.plusSeconds(60)));

    HttpResponse<String> answer = server.get(PATH);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"integration\":\"google\",\"connection\":\"acme\",\"status\":\"refresh_failing\","
                + "\"reason\":\"unavailable\",\"reason_detail\":\"HTTP 503\",\"version\":8,"
                + "\"token_type\":\"Bearer\",\"scope\":\"read\","
                + "\"expires_at\":\"2026-03-01T12:01:00Z\",\"refreshed_at\":"
                + "\"2026-03-01T11:59:00Z\",\"next_refresh_at\":\"2026-03-01T12:00:30Z\","
                + "\"grant_ends_at\":\"2026-03-11T12:00:00Z\"}");
  }

  @Test
  void aConnectionIdMayHoldWhatUrlsEscape() {
    ConnectionKey key = new ConnectionKey("google", "a+b@c:d=e");
    server.store.set(server.state(key, Status.ACTIVE, 1, null));

    assertThat(json(server.get("/v1/connections/google/a+b@c:d=e")).get("connection").asString())
        .isEqualTo(key.connection());
    assertThat(json(server.get("/v1/connections/google/a%2Bb%40c%3Ad%3De")).get("version").asInt())
        .isEqualTo(2);
    assertProblem(server.get("/v1/connections/google/-a"), 400, "not a connection id");
  }

  @Test
  void everyConnectionIsListedOncePageByPage() {
    for (int i = 0; i < 5; i++) {
      server.store.set(server.state(new ConnectionKey("google", "c" + i), Status.ACTIVE, 1, null));
    }
    server.store.set(
        server.state(new ConnectionKey("lasting", "x"), Status.REFRESH_FAILING, 1, null));
    server.store.delete(new ConnectionKey("google", "c4"), 50);

    List<String> names = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = json(server.get("/v1/connections?limit=1" + cursor));
      page.get("connections").forEach(it -> names.add(it.get("connection").asString()));
      cursor =
          page.get("next_cursor").isNull() ? "" : "&cursor=" + page.get("next_cursor").asString();
    } while (!cursor.isEmpty());

    assertThat(names).containsExactly("c0", "c1", "c2", "c3", "x");
    assertThat(listed("?integration=lasting")).containsExactly("x");
    assertThat(listed("?status=active&integration=google")).containsExactly("c0", "c1", "c2", "c3");
    assertThat(listed("?status=deleted")).containsExactly("c4");
    assertProblem(server.get("/v1/connections?status=gone"), 400, "refresh_failing");
    assertProblem(server.get("/v1/connections?limit=0"), 400, "1 to 1000");
    assertProblem(server.get("/v1/connections?cursor=x"), 400, "cursor");
    assertProblem(server.get("/v1/connections?stauts=active"), 400, "'stauts'");
    assertProblem(server.get("/v1/connections?limit=1&limit=2"), 400, "twice");
  }

  @Test
  void aRefreshIsSaidAndNotDone() {
    server.store.set(server.state(ACME, Status.ACTIVE, 3, NOW.plusSeconds(60)));

    assertThat(server.post(PATH + "/refresh", "").statusCode()).isEqualTo(202);

    assertThat(server.events)
        .containsExactly(new RefreshDue(ACME, 4, RefreshDue.Cause.REQUESTED, NOW));
  }

  @Test
  void aRefreshThatCannotHelpIsRefused() {
    server.store.set(server.state(ACME, Status.REAUTHORIZATION_REQUIRED, 3, null));
    server.store.set(server.state(new ConnectionKey("lasting", "acme"), Status.ACTIVE, 3, null));
    server.store.set(server.state(new ConnectionKey("gone", "acme"), Status.ACTIVE, 3, null));

    HttpResponse<String> answer = server.post(PATH + "/refresh", "");

    assertProblem(answer, 409, "perennial connect google --connection acme");
    assertThat(json(answer).get("connection_status").asString())
        .isEqualTo("reauthorization_required");
    assertProblem(server.post("/v1/connections/lasting/acme/refresh", ""), 409, "permanent");
    assertProblem(server.post("/v1/connections/gone/acme/refresh", ""), 409, "no definition");
    assertProblem(server.post("/v1/connections/google/none/refresh", ""), 404, "google/none");
    assertThat(server.events).isEmpty();
  }

  @Test
  void aDeletionIsPublishedAndRepeatable() {
    server.store.set(server.state(ACME, Status.ACTIVE, 3, null));

    assertThat(server.delete(PATH).statusCode()).isEqualTo(204);
    assertThat(server.delete(PATH).statusCode()).isEqualTo(204);
    assertThat(server.revoked).containsExactly(ACME);

    assertThat(server.events).hasSize(1).allMatch(Event.CredentialUpdated.class::isInstance);
    assertThat(server.store.published).containsExactly("google/acme 101 5");
    assertThat(json(server.get(PATH)).get("status").asString()).isEqualTo("deleted");
    assertProblem(server.delete("/v1/connections/google/none"), 404, "google/none");
  }

  @Test
  void aDeletionThatLosesToANewConsentSaysSo() {
    server.store.set(server.state(ACME, Status.ACTIVE, 3, null));
    server.authorizations.grant = -10;

    assertProblem(server.delete(PATH), 409, "connected anew");
  }

  @Test
  void aProcessIsReadyWhenEveryCheckIs() {
    assertThat(open("/health/live").statusCode()).isEqualTo(200);
    assertThat(open("/health/ready").statusCode()).isEqualTo(200);

    server.checks =
        List.of(Readiness.Check.up("redis"), Readiness.Check.down("kafka", "localhost:1"));

    assertThat(open("/health/live").statusCode()).isEqualTo(200);
    HttpResponse<String> answer = open("/health/ready");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .isEqualTo(
            "{\"status\":\"down\",\"checks\":[{\"name\":\"redis\",\"status\":\"up\"},"
                + "{\"name\":\"kafka\",\"status\":\"down\",\"detail\":\"localhost:1\"}]}");
  }

  @Test
  void metricsAreInPrometheusFormat() {
    assertThat(server.get("/metrics").body()).contains("# TYPE jvm_memory_used_bytes gauge");
  }

  @Test
  void nothingButHealthIsOpen() {
    for (String path : List.of("/metrics", "/v1/connections", PATH, PATH + "/credentials", "/x")) {
      HttpResponse<String> none = open(path);
      assertProblem(none, 401, "Authorization: Bearer");
      assertThat(none.headers().firstValue("WWW-Authenticate"))
          .contains("Bearer realm=\"perennial\"");
      HttpResponse<String> wrong =
          server.send(server.open(path).header("Authorization", "Bearer nearly"));
      assertProblem(wrong, 401, "nor the admin token");
      assertThat(wrong.headers().firstValue("WWW-Authenticate"))
          .contains("Bearer realm=\"perennial\", error=\"invalid_token\"");
      assertThat(
              server
                  .send(server.open(path).header("Authorization", "Basic " + AdminServer.TOKEN))
                  .statusCode())
          .isEqualTo(401);
    }
    assertThat(
            server
                .send(
                    server
                        .open("/v1/connections")
                        .header("Authorization", "bearer " + AdminServer.TOKEN))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aProcessWithoutTheAdminApiAnswersHealthAlone() {
    try (WebServerOf health =
        new WebServerOf(
            AdminRoutes.healthOnly(
                AdminKey.none(), () -> List.of(), () -> "metrics", AuditTrail.NONE))) {
      assertThat(health.status("/health/ready")).isEqualTo(200);
      assertThat(health.status("/metrics")).isEqualTo(401);
      assertThat(health.status("/v1/connections")).isEqualTo(401);
    }
  }

  @Test
  void otherPathsAndMethodsAreProblemsToo() {
    assertProblem(server.get("/v2"), 404, "'/v2'");
    HttpResponse<String> answer = server.post("/v1/connections", "{}");
    assertProblem(answer, 405, "GET");
    assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
    assertThat(server.get("/v1/connect-sessions").statusCode()).isEqualTo(405);
    assertThat(server.post(PATH, "{}").headers().firstValue("Allow"))
        .contains("DELETE, GET, HEAD, PUT");
    assertThat(server.get(PATH + "/refresh").statusCode()).isEqualTo(405);
    assertThat(server.delete(PATH + "/credentials").statusCode()).isEqualTo(405);
  }

  @Test
  void whatIsNoHttpIsAnsweredWithAProblem() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(5_000);
      socket
          .getOutputStream()
          .write("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(answer(socket.getInputStream())).contains("400", "application/problem+json");
    }
  }

  @Test
  void whatWeStandOnBeingAwayIs503() {
    server.store.set(server.state(ACME, Status.ACTIVE, 3, null));
    server.kafkaAway = true;
    HttpResponse<String> answer = server.post(PATH + "/refresh", "");
    assertProblem(answer, 503, "Kafka at localhost:1");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();

    server.store.away = true;
    assertProblem(server.get(PATH), 503, "Redis at localhost:1");
  }

  private static String answer(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private HttpResponse<String> session(String json) {
    return server.post("/v1/connect-sessions", json);
  }

  private HttpResponse<String> open(String path) {
    return server.send(server.open(path).GET());
  }

  private List<String> listed(String query) {
    List<String> names = new ArrayList<>();
    json(server.get("/v1/connections" + query))
        .get("connections")
        .forEach(it -> names.add(it.get("connection").asString()));
    return names;
  }

  static void assertProblem(HttpResponse<String> answer, int status, String detail) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(json(answer).get("type").asString()).startsWith("urn:perennial:problem:");
    assertThat(json(answer).get("status").asInt()).isEqualTo(status);
    assertThat(json(answer).get("title").asString()).isNotBlank();
    assertThat(json(answer).get("detail").asString()).contains(detail);
  }
}
