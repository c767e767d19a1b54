package dev.perennial.app.admin;

import static dev.perennial.app.admin.AdminRoutesTest.assertProblem;
import static dev.perennial.app.admin.AdminServer.ACME;
import static dev.perennial.app.admin.AdminServer.NOW;
import static dev.perennial.app.admin.AdminServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the caller has already is not sent again; for what it does not have yet it may wait. */
class ConditionalReadTest {
  private static final String PATH = "/v1/connections/google/acme";
  private static final List<String> BOTH = List.of(PATH, PATH + "/credentials");

  private final AdminServer server = new AdminServer(Duration.ofMillis(300));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whatTheCallerHasIsNotSentAgain() {
    store(1, 3600);
    for (String path : BOTH) {
      HttpResponse<String> first = server.get(path);
      assertThat(first.headers().firstValue("ETag")).contains("\"1-2\"");

      HttpResponse<String> same = server.get(path, "If-None-Match", "\"1-1\", \"1-2\"");
      assertThat(same.statusCode()).isEqualTo(304);
      assertThat(same.headers().firstValue("ETag")).contains("\"1-2\"");
      assertThat(same.body()).isEmpty();
      assertThat(server.get(path, "If-None-Match", "\"1-1\"").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aTokenThatIsTooOldIsRefreshedAlthoughTheCallerHasIt() {
    store(1, 60);
    server.afterEvent = _ -> store(2, 3600);

    HttpResponse<String> answer =
        server.get(PATH + "/credentials?min_validity=5m&wait=30s", "If-None-Match", "\"1-2\"");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).get("access_token").asString()).isEqualTo("access-2");
    assertThat(answer.headers().firstValue("ETag")).contains("\"1-3\"");
  }

  @Test
  void whoWaitsIsAnsweredWithWhatComes() throws Exception {
    for (String path : BOTH) {
      store(1, 3600);
      CompletableFuture<HttpResponse<String>> answer =
          CompletableFuture.supplyAsync(
              () -> server.get(path + "?wait=30s", "If-None-Match", "\"1-2\""));
      server.store.awaitFinds(3);
      assertThat(answer).isNotDone();
      store(2, 3600);

      assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      assertThat(answer.get().headers().firstValue("ETag")).contains("\"1-3\"");
    }
  }

  @Test
  void whoWaitsInVainHasWhatThereIs() {
    store(1, 3600);
    for (String path : BOTH) {
      assertThat(server.get(path + "?wait=20ms", "If-None-Match", "\"1-2\"").statusCode())
          .isEqualTo(304);
    }
  }

  @Test
  void aProcessThatStopsLetsEverybodyGo() throws Exception {
    store(1, 3600);
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(
            () -> server.get(PATH + "?wait=60s", "If-None-Match", "\"1-2\""));
    server.store.awaitFinds(3);

    server.routes.stopWaiting();

    assertProblem(answer.get(10, TimeUnit.SECONDS), 503, "Ask again");
    assertProblem(server.get(PATH + "?wait=60s", "If-None-Match", "\"1-2\""), 503, "Ask again");
  }

  @Test
  void onlySoManyWait() {
    Waiting waiting = new Waiting(1, Duration.ofMillis(1), System::nanoTime);
    assertThat(
            waiting.until(
                Duration.ofSeconds(5),
                () -> {
                  assertThatThrownBy(
                          () -> waiting.until(Duration.ofSeconds(5), () -> Optional.of("second")))
                      .isInstanceOf(Refusal.class)
                      .hasMessageContaining("Ask again");
                  return Optional.of("first");
                }))
        .contains("first");
    assertThat(waiting.until(Duration.ofSeconds(5), () -> Optional.of("third"))).contains("third");
  }

  @Test
  void waitIsADurationAndComparesWithSomething() {
    store(1, 3600);
    for (String path : BOTH) {
      assertProblem(server.get(path + "?wait=30s"), 400, "If-None-Match");
      for (String wait : List.of("5", "61s", "PT-1S")) {
        assertProblem(
            server.get(path + "?wait=" + wait, "If-None-Match", "\"1-2\""), 400, "at most 60s");
      }
    }
  }

  @Test
  void aListIsFilteredByIdReasonAndEnd() {
    store(1, 3600);
    server.store.set(
        server.state(
            new ConnectionKey("google", "acme-2"), Status.REFRESH_FAILING, 1, NOW.plusSeconds(60)));
    server.store.set(server.state(new ConnectionKey("machine", "acme"), Status.ACTIVE, 1, null));

    assertThat(listed("connection=acme")).containsExactly("google/acme", "machine/acme");
    assertThat(listed("connection=acme&integration=google")).containsExactly("google/acme");
    assertThat(listed("connection=acme&integration=google&status=expired")).isEmpty();
    assertThat(listed("connection=nobody&integration=google")).isEmpty();
    assertThat(listed("connection=acme*&integration=google"))
        .containsExactly("google/acme", "google/acme-2");
    assertThat(listed("reason=unavailable")).containsExactly("google/acme-2");
    assertThat(listed("expires_before=2026-03-01T12:01:00Z")).isEmpty();
    assertThat(listed("expires_before=2026-03-01T14:01:01%2B02:00"))
        .containsExactly("google/acme-2");
    assertProblem(server.get("/v1/connections?expires_before=soon"), 400, "expires_before");
  }

  private List<String> listed(String query) {
    return json(server.get("/v1/connections?" + query))
        .get("connections")
        .valueStream()
        .map(one -> one.get("integration").asString() + "/" + one.get("connection").asString())
        .toList();
  }

  private void store(long tokenGen, int seconds) {
    server.store.set(server.state(ACME, Status.ACTIVE, tokenGen, NOW.plusSeconds(seconds)));
  }
}
