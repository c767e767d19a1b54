package dev.perennial.app.admin;

import static dev.perennial.app.admin.AdminRoutesTest.assertProblem;
import static dev.perennial.app.admin.AdminServer.ACME;
import static dev.perennial.app.admin.AdminServer.NOW;
import static dev.perennial.app.admin.AdminServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.Event.RefreshDue;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CredentialEndpointTest {
  private static final String PATH = "/v1/connections/google/acme/credentials";

  private final AdminServer server = new AdminServer(Duration.ofMillis(300));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theAccessTokenIsGivenAndTheRefreshTokenNever() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, NOW.plusSeconds(60)));

    HttpResponse<String> answer = server.get(PATH);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(json(answer).get("access_token").asString()).isEqualTo("access-1");
    assertThat(json(answer).get("token_type").asString()).isEqualTo("Bearer");
    assertThat(json(answer).get("expires_at").asString()).isEqualTo("2026-03-01T12:01:00Z");
    assertThat(json(answer).get("version").asInt()).isEqualTo(2);
    assertThat(json(answer).get("oauth").get("nested").get("kept").asInt()).isEqualTo(1);
    assertThat(answer.body()).doesNotContain("planted", "\"refresh_token\"");
    assertThat(server.events).isEmpty();
  }

  @Test
  void aRefreshTokenUnderANameOfItsOwnStaysToo() {
    ConnectionKey shop = new ConnectionKey("shop", "acme");
    server.store.set(server.state(shop, Status.ACTIVE, 1, NOW.plusSeconds(60)));

    HttpResponse<String> answer = server.get("/v1/connections/shop/acme/credentials");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).get("access_token").asString()).isEqualTo("access-1");
    assertThat(answer.body()).doesNotContain("planted", "perennial");
  }

  @Test
  void aPermanentTokenIsAlwaysFreshEnough() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, null));

    HttpResponse<String> answer = server.get(PATH + "?min_validity=1d");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).get("expires_at").isNull()).isTrue();
  }

  @Test
  void aTokenStillValidIsGivenWhateverTheStatus() {
    server.store.set(server.state(ACME, Status.REAUTHORIZATION_REQUIRED, 1, NOW.plusSeconds(60)));

    assertThat(server.get(PATH).statusCode()).isEqualTo(200);
    assertProblem(server.get(PATH + "?min_validity=5m"), 409, "reauthorization_required");
  }

  @Test
  void aTokenThatIsNotFreshEnoughIsRefreshedFirst() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, NOW.plusSeconds(60)));
    server.afterEvent =
        _ -> server.store.set(server.state(ACME, Status.ACTIVE, 2, NOW.plusSeconds(3600)));

    HttpResponse<String> answer = server.get(PATH + "?min_validity=5m");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).get("access_token").asString()).isEqualTo("access-2");
    assertThat(server.events)
        .containsExactly(new RefreshDue(ACME, 2, RefreshDue.Cause.REQUESTED, NOW));
  }

  @Test
  void anExpiredTokenIsNeverGiven() {
    server.store.set(server.state(ACME, Status.REFRESH_FAILING, 1, NOW));

    HttpResponse<String> answer = server.get(PATH);

    assertProblem(answer, 409, "none came within");
    assertThat(json(answer).get("connection_status").asString()).isEqualTo("refresh_failing");
    assertThat(json(answer).get("integration").asString()).isEqualTo("google");
    assertThat(answer.body()).doesNotContain("access-1");
  }

  @Test
  void waitingEndsWhenTheGrantEnds() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, NOW.plusSeconds(60)));
    server.afterEvent =
        _ ->
            server.store.set(
                server.state(ACME, Status.REAUTHORIZATION_REQUIRED, 1, NOW.plusSeconds(60)));

    assertProblem(server.get(PATH + "?min_validity=5m"), 409, "Only a new consent helps");
  }

  @Test
  void waitingEndsWhenTheNewTokenIsTooShortLived() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, NOW.plusSeconds(60)));
    server.afterEvent =
        _ -> server.store.set(server.state(ACME, Status.ACTIVE, 2, NOW.plusSeconds(120)));

    assertProblem(server.get(PATH + "?min_validity=5m"), 409, "does not live");
  }

  @Test
  void nothingIsGivenOfADeletedOrUnknownConnection() {
    assertProblem(server.get(PATH), 404, "google/acme does not exist");
    server.store.set(server.state(ACME, Status.ACTIVE, 1, null));
    server.store.delete(ACME, 50);

    assertProblem(server.get(PATH), 409, "deleted");
  }

  @Test
  void minValidityIsADurationOfAtMostADay() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, null));

    for (String value : new String[] {"5", "2d", "PT-5M", "soon"}) {
      assertProblem(server.get(PATH + "?min_validity=" + value), 400, "min_validity");
    }
  }
}
