package dev.perennial.app.admin;

import static dev.perennial.app.admin.AdminRoutesTest.assertProblem;
import static dev.perennial.app.admin.AdminServer.ACME;
import static dev.perennial.app.admin.AdminServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Scope;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may do what, on every route there is. */
class AccessTest {
  private static final String KEY = "key-of-this-test";

  private final AdminServer server = new AdminServer(Duration.ofMillis(50));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyRouteButHealthWantsItsScopeAndNamesIt() {
    for (Route route : server.routes.routes()) {
      Scope scope = route.scope();
      if (scope == null) {
        assertThat(server.send(server.open(route.path())).statusCode())
            .as(route.path())
            .isEqualTo(200);
        continue;
      }
      limit(EnumSet.complementOf(EnumSet.of(scope, Scope.ADMIN)), Optional.empty());

      HttpResponse<String> answer = ask(route);

      assertProblem(answer, 403, "This needs the scope " + scope.text() + "; yours: ");
      assertThat(json(answer).get("scope").asString()).isEqualTo(scope.text());
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .contains(
              "Bearer realm=\"perennial\", error=\"insufficient_scope\", scope=\""
                  + scope.text()
                  + "\"");
      limit(Set.of(scope), Optional.empty());
      assertThat(ask(route).statusCode()).as(route.toString()).isNotIn(401, 403);
    }
  }

  @Test
  void aCallerLimitedToIntegrationsIsRefusedTheOthers() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, null));
    limit(EnumSet.allOf(Scope.class), Optional.of(Set.of("shop")));

    for (Route route : server.routes.routes()) {
      if (route.path().contains("{integration}")) {
        assertProblem(ask(route), 403, "You are limited to the integrations [shop]");
      }
    }
    assertProblem(
        server.send(
            server
                .request("/v1/connect-sessions", KEY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"integration\":\"google\"}"))),
        403,
        "this is 'google'");
    assertThat(server.authorizations.sessions).isEmpty();
    assertThat(server.store.states).containsKey(ACME);
  }

  @Test
  void aListHoldsOnlyWhatItsCallerSees() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, null));
    server.store.set(server.state(new ConnectionKey("shop", "acme"), Status.ACTIVE, 1, null));
    limit(Set.of(Scope.CONNECTIONS_READ), Optional.of(Set.of("shop")));

    assertThat(list("")).doesNotContain("google").contains("shop");
    assertThat(list("?integration=google")).contains("\"connections\":[]");
  }

  @Test
  void aTokenTooLongOrShownTwiceIsNobodys() {
    server.callers.put("x".repeat(20_000), Caller.admin("long"));
    HttpRequest.Builder twice =
        server.request("/v1/connections").header("Authorization", "Bearer x");

    assertThat(server.send(twice).statusCode()).isIn(400, 401);
    assertThat(server.send(server.request("/v1/connections", "x".repeat(20_000))).statusCode())
        .isIn(400, 401, 431);
  }

  @Test
  void headIsAnsweredLikeGetWithoutABody() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, null));

    HttpResponse<String> answer =
        server.send(
            server.request("/v1/connections/google/acme").method("HEAD", BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.headers().firstValueAsLong("Content-Length"))
        .hasValue(server.get("/v1/connections/google/acme").body().length());
    assertThat(answer.body()).isEmpty();
  }

  private String list(String query) {
    return server.send(server.request("/v1/connections" + query, KEY)).body();
  }

  private void limit(Set<Scope> scopes, Optional<Set<String>> integrations) {
    server.callers.put(KEY, new Caller("key", scopes, integrations));
  }

  private HttpResponse<String> ask(Route route) {
    String path =
        route
            .path()
            .replace("{integration}", "google")
            .replace("{connection}", "acme")
            .replace("{id}", "none");
    return server.send(
        server.request(path, KEY).method(route.method().text(), BodyPublishers.ofString("{}")));
  }
}
