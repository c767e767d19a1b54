package dev.perennial.app.admin;

import static dev.perennial.app.admin.AdminRoutesTest.assertProblem;
import static dev.perennial.app.admin.AdminServer.ACME;
import static dev.perennial.app.admin.AdminServer.NOW;
import static dev.perennial.app.admin.AdminServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.event.Event;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One connection's tokens, brought by hand. */
class ImportEndpointTest {
  private static final String PATH = "/v1/connections/google/acme";
  private static final String TOKENS =
      """
      {"access_token":"planted-access","refresh_token":"planted-refresh","token_type":"Bearer",
       "scope":"mail","issued_at":"2026-03-01T11:30:00Z","expires_at":"2026-03-01T12:30:00Z"}
      """;

  private final AdminServer server = new AdminServer(Duration.ofMillis(300));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void anImportIsKeptAndPublishedAsAConsentWouldBe() {
    HttpResponse<String> answer = server.put(PATH, TOKENS);

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("ETag")).contains("\"101-1\"");
    assertThat(json(answer).get("status").asString()).isEqualTo("active");
    assertThat(json(answer).get("expires_at").asString()).isEqualTo("2026-03-01T12:30:00Z");
    assertThat(json(answer).get("next_refresh_at").asString())
        .isBetween("2026-03-01T12:12:00Z", "2026-03-01T12:15:00Z");
    assertThat(answer.body()).doesNotContain("planted");
    CredentialState state = stored();
    assertThat(state.change()).isEqualTo(Change.CONNECTED);
    assertThat(opened(state).refreshToken()).contains(Secret.of("planted-refresh"));
    assertThat(server.events).containsExactly(new Event.CredentialUpdated(state));
    assertThat(server.store.published).containsExactly("google/acme 101 1");
    assertThat(server.get(PATH + "/credentials").body()).contains("planted-access");
    assertThat(server.get(PATH + "/credentials").body()).doesNotContain("planted-refresh");
  }

  @Test
  void theSameImportAgainChangesNothingAlsoAfterARefresh() {
    server.put(PATH, TOKENS);
    refresh();
    CredentialState refreshed = stored();
    String otherOrder =
        """
        {"expires_at":"2026-03-01T12:30:00Z","scope":"mail","access_token":"planted-access",
         "issued_at":"2026-03-01T11:30:00Z","token_type":"Bearer","variables":null,
         "refresh_token":"planted-refresh"}
        """;

    HttpResponse<String> again = server.put(PATH, otherOrder);

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(json(again).get("version").asInt()).isEqualTo(2);
    assertThat(stored()).isEqualTo(refreshed);
    assertThat(server.events).hasSize(1);
  }

  @Test
  void anotherImportReplacesWhatIsThere() {
    server.put(PATH, TOKENS);

    HttpResponse<String> other = server.put(PATH, TOKENS.replace("planted-refresh", "next"));

    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(opened(stored()).refreshToken()).contains(Secret.of("next"));
    assertThat(stored().grant()).isEqualTo(102);
    assertThat(server.put(PATH, TOKENS).statusCode()).isEqualTo(200);
    assertThat(opened(stored()).refreshToken()).contains(Secret.of("planted-refresh"));
  }

  @Test
  void aDeletedConnectionIsImportedAnew() {
    server.put(PATH, TOKENS);
    server.delete(PATH);

    assertThat(server.put(PATH, TOKENS).statusCode()).isEqualTo(201);
  }

  @Test
  void preconditionsAreKept() {
    assertProblem(server.put(PATH, TOKENS, "If-Match", "\"1-1\""), 412, "google/acme");
    assertProblem(server.put(PATH, TOKENS, "If-Match", "*"), 412, "google/acme");
    assertThat(server.store.states).isEmpty();

    assertThat(server.put(PATH, TOKENS, "If-None-Match", "*").statusCode()).isEqualTo(201);
    assertProblem(server.put(PATH, TOKENS, "If-None-Match", "*"), 412, "google/acme");

    String other = TOKENS.replace("planted-refresh", "next");
    assertProblem(server.put(PATH, other, "If-Match", "\"101-2\""), 412, "google/acme");
    assertProblem(server.put(PATH, other, "If-None-Match", "*"), 412, "google/acme");
    assertThat(opened(stored()).refreshToken()).contains(Secret.of("planted-refresh"));
    assertThat(server.put(PATH, other, "If-Match", "\"101-1\"").statusCode()).isEqualTo(200);
    assertThat(opened(stored()).refreshToken()).contains(Secret.of("next"));
  }

  @Test
  void whatChangesBetweenLookAndPutIsLookedAtAgain() {
    server.put(PATH, TOKENS);
    server.store.beforePut =
        () -> {
          server.store.beforePut = () -> {};
          refresh();
        };

    String other = TOKENS.replace("planted-refresh", "next");
    assertThat(server.put(PATH, other, "If-Match", "\"101-1\"").statusCode()).isEqualTo(412);
    assertThat(opened(stored()).refreshToken()).contains(Secret.of("refreshed"));
    server.store.beforePut =
        () -> {
          server.store.beforePut = () -> {};
          refresh();
        };
    assertThat(server.put(PATH, other).statusCode()).isEqualTo(200);
    assertThat(opened(stored()).refreshToken()).contains(Secret.of("next"));
  }

  @Test
  void twoImportsOfTheSameAtATimeAreOne() throws Exception {
    List<Callable<HttpResponse<String>>> both =
        List.of(() -> server.put(PATH, TOKENS), () -> server.put(PATH, TOKENS));
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      for (Future<HttpResponse<String>> answer : executor.invokeAll(both)) {
        statuses.add(answer.get().statusCode());
      }
    }
    assertThat(statuses).containsExactlyInAnyOrder(200, 201);
    assertThat(server.events).hasSize(1);
  }

  @Test
  void whatIsNoImportIsRefusedAndNamed() {
    assertProblem(server.put("/v1/connections/none/a", TOKENS), 404, "none has no definition");
    assertProblem(server.put("/v1/connections/unset/a", TOKENS), 409, "PERENNIAL_UNSET_CLIENT_ID");
    assertProblem(server.put("/v1/connections/shop/a", TOKENS), 400, "SHOP is missing");
    assertProblem(server.put(PATH, "{}"), 400, "no access token");
    assertProblem(server.put(PATH, "{\"acess_token\":\"a\"}"), 400, "'acess_token'");
    assertProblem(server.put(PATH, "{\"integration\":\"google\"}"), 400, "'integration'");
    assertProblem(server.put(PATH, "{\"access_token\":7}"), 400, "access_token must be a string");
    assertProblem(server.put(PATH, "{\"access_token\":\"a\\nb\"}"), 400, "control character");
    assertProblem(server.put(PATH, "{\"access_token\":\"\\ud800\"}"), 400, "no Unicode");
    assertProblem(
        server.put(PATH, "{\"access_token\":\"" + "x".repeat(300_000) + "\"}"), 400, "longer");
    for (String time : List.of("soon", "2026-03-01", "+999999999-01-01T00:00:00Z")) {
      assertProblem(
          server.put(PATH, "{\"access_token\":\"a\",\"expires_at\":\"" + time + "\"}"),
          400,
          "expires_at must be a time");
    }
    for (String seconds : List.of("-1", "1e300", "\"60\"")) {
      assertProblem(
          server.put(PATH, "{\"access_token\":\"a\",\"expires_in\":" + seconds + "}"),
          400,
          "expires_in");
    }
    assertProblem(
        server.put(
            PATH,
            "{\"access_token\":\"a\",\"expires_in\":60,\"expires_at\":\"2026-03-01T12:00:00Z\"}"),
        400,
        "only one");
    assertProblem(server.put(PATH, "{\"access_token\":\"a\",\"oauth\":[]}"), 400, "oauth");
    assertProblem(
        server.put(PATH, "{\"access_token\":\"a\",\"variables\":{\"SHOP\":7}}"), 400, "variables");
    assertThat(server.put(PATH, "{\"oauth\":" + "[".repeat(5000)).statusCode()).isEqualTo(400);
    assertThat(server.put(PATH, "{\"oauth\":\"" + "x".repeat(2 << 20) + "\"}").statusCode())
        .isEqualTo(413);
    assertThat(server.store.states).isEmpty();
  }

  @Test
  void theWholeAnswerAndVariablesAreKept() {
    ConnectionKey shop = new ConnectionKey("shop", "acme");
    HttpResponse<String> answer =
        server.put(
            "/v1/connections/shop/acme",
            """
            {"oauth":{"data":{"access_token":"inner","rt":"planted-rt"},"team":{"id":1e400},
             "perennial":{"imported":"x"}},"variables":{"SHOP":"acme"}}
            """);

    assertThat(answer.statusCode()).isEqualTo(201);
    TokenResponse tokens = opened(Objects.requireNonNull(server.store.states.get(shop)));
    assertThat(tokens.accessToken()).contains(Secret.of("inner"));
    assertThat(tokens.refreshToken()).contains(Secret.of("planted-rt"));
    assertThat(tokens.values().get(TokenResponse.OURS).toString()).contains("SHOP=acme");
    assertThat(json(answer).get("next_refresh_at").asString())
        .isBetween("2026-03-01T12:00:00Z", "2026-03-01T12:00:10Z");
    assertThat(server.get("/v1/connections/shop/acme/credentials").body())
        .contains("1E+400")
        .doesNotContain("planted-rt");
  }

  @Test
  void expiresInCountsFromTheIssueElseFromNow() {
    server.put(PATH, "{\"access_token\":\"a\",\"expires_in\":60}");
    assertThat(stored().expiresAt()).isEqualTo(NOW.plusSeconds(60));
    server.put(
        PATH,
        "{\"access_token\":\"a\",\"expires_in\":90,\"issued_at\":\"2026-03-01T11:59:50+00:00\"}");
    assertThat(stored().expiresAt()).isEqualTo(NOW.plusSeconds(80));
  }

  private CredentialState stored() {
    return Objects.requireNonNull(server.store.states.get(ACME));
  }

  private TokenResponse opened(CredentialState state) {
    return server.payloads.openTokens(state.key(), Objects.requireNonNull(state.sealed()));
  }

  /** As the exchanger does it: what is ours stays. */
  private void refresh() {
    CredentialState old = stored();
    Map<String, @Nullable Object> tokens = new HashMap<>(opened(old).values());
    tokens.put("access_token", "refreshed-access");
    tokens.put("refresh_token", "refreshed");
    server.store.set(
        new CredentialState(
            ACME,
            old.grant(),
            old.tokenGen() + 1,
            old.version() + 1,
            Status.ACTIVE,
            Change.REFRESHED,
            null,
            server.payloads.seal(ACME, new TokenResponse(tokens)),
            NOW,
            NOW.plusSeconds(3600),
            NOW.plusSeconds(2700),
            "Bearer",
            "mail",
            NOW));
  }
}
