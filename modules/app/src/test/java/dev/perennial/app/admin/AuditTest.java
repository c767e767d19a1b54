package dev.perennial.app.admin;

import static dev.perennial.app.admin.AdminServer.ACME;
import static dev.perennial.app.admin.AdminServer.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Scope;
import dev.perennial.app.audit.Act;
import dev.perennial.app.audit.Action;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.AuditEvent.Outcome;
import io.helidon.http.Method;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the audit trail is told of each request. */
class AuditTest {
  private static final ConnectionKey OTHER = new ConnectionKey("google", "other");

  private final AdminServer server = new AdminServer(Duration.ofMillis(50));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyRouteThatChangesSomethingHasAName() {
    assertThat(server.routes.routes())
        .allSatisfy(route ->
            assertThat(route.action() != Action.REQUEST)
                .as(route.method() + " " + route.path())
                .isEqualTo(
                    !route.method().equals(Method.GET)
                        || route.path().endsWith("/credentials")
                        || route.path().equals("/v1/export")));
  }

  @Test
  void changesAreToldWithWhoWhatAndFromWhere() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, NOW.plusSeconds(3600)));
    server.callers.put(
        "k", new Caller("key k1 (ci)", Set.of(Scope.ADMIN), Optional.empty(), Optional.of("k1")));

    server.send(
        server
            .request("/v1/connect-sessions", "k")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"integration\":\"google\",\"connection\":\"acme\"}")));
    server.post("/v1/connections/google/acme/refresh", "");
    server.put("/v1/connections/google/other", "{\"access_token\":\"planted\"}");
    server.get("/v1/export");
    server.delete("/v1/connections/google/acme");
    server.delete("/v1/connections/google/nowhere");

    assertThat(server.acts)
        .extracting(
            Act::action, Act::actor, Act::object, Act::outcome, it -> it.reason().orElse(""))
        .containsExactly(
            tuple(Action.CONNECT_SESSION_CREATE, "key k1 (ci)", "google/acme", Outcome.ALLOWED, ""),
            tuple(Action.CONNECTION_REFRESH, "admin.token", "google/acme", Outcome.ALLOWED, ""),
            tuple(Action.CONNECTION_IMPORT, "admin.token", "google/other", Outcome.ALLOWED, ""),
            tuple(Action.CONNECTIONS_EXPORT, "admin.token", "", Outcome.ALLOWED, ""),
            tuple(Action.CONNECTION_DELETE, "admin.token", "google/acme", Outcome.ALLOWED, ""),
            tuple(
                Action.CONNECTION_DELETE,
                "admin.token",
                "google/nowhere",
                Outcome.FAILED,
                "unknown-connection"));
    assertThat(server.acts).extracting(Act::address).containsOnly(Optional.of("127.0.0.1"));
    assertThat(server.acts.getFirst().keyId()).contains("k1");
    assertThat(server.acts.toString()).doesNotContain("planted").doesNotContain(AdminServer.TOKEN);
  }

  @Test
  void eachTokenThatIsHandedOutIsTold() {
    server.store.set(server.state(ACME, Status.ACTIVE, 1, NOW.plusSeconds(3600)));
    server.store.set(server.state(OTHER, Status.ACTIVE, 1, NOW.plusSeconds(3600)));

    var first = server.get("/v1/connections/google/acme/credentials");
    String tag = first.headers().firstValue("ETag").orElseThrow();
    server.get("/v1/connections/google/acme/credentials", "If-None-Match", tag);
    server.post(
        "/v1/credentials/batch",
        "{\"connections\":[\"google/acme\",\"google/other\",\"google/nowhere\"]}");
    server.post("/v1/credentials/batch", "{\"connections\":[\"google/nowhere\"]}");

    assertThat(server.acts)
        .extracting(Act::action, Act::object)
        .containsExactly(
            tuple(Action.CREDENTIAL_READ, "google/acme"),
            tuple(Action.CREDENTIAL_READ, "google/acme"),
            tuple(Action.CREDENTIAL_READ, "google/other"));
  }

  @Test
  void whatIsDeniedIsToldWithItsReason() {
    server.callers.put(
        "k", new Caller("limited", Set.of(Scope.CONNECTIONS_READ), Optional.of(Set.of("shop"))));

    server.send(server.open("/v1/connections"));
    server.send(server.request("/v1/connections/google/acme", "k"));
    server.send(server.request("/v1/connections/shop/a/credentials", "k"));
    server.send(server.open("/v1/connections/google/a%0Ab"));

    assertThat(server.acts)
        .extracting(
            Act::action, Act::actor, Act::object, Act::outcome, it -> it.reason().orElse(""))
        .startsWith(
            tuple(Action.REQUEST, "anybody", "", Outcome.DENIED, "unauthorized"),
            tuple(Action.REQUEST, "limited", "google/acme", Outcome.DENIED, "forbidden"),
            tuple(Action.CREDENTIAL_READ, "limited", "shop/a", Outcome.DENIED, "forbidden"));
    assertThat(server.acts).hasSize(4).extracting(Act::object).noneMatch(it -> it.contains("\n"));
  }

  @Test
  void anImportOfManyIsToldOnceWithHowMany() {
    server.send(
        server
            .request("/v1/import")
            .header("Content-Type", "application/x-ndjson")
            .POST(
                BodyPublishers.ofString(
                    "{\"integration\":\"google\",\"connection\":\"a\",\"access_token\":\"planted\"}\n"
                        + "{\"integration\":\"google\",\"connection\":\"b\",\"access_token\":\"planted\"}\n"
                        + "no JSON\n")));

    assertThat(server.acts)
        .extracting(Act::action, Act::count)
        .containsExactly(tuple(Action.CONNECTIONS_IMPORT, 2L));
  }

  @Test
  void noHeaderIsBelievedAboutTheAddress() {
    server.send(
        server
            .open("/v1/connections")
            .header("X-Forwarded-For", "198.51.100.9")
            .header("Forwarded", "for=198.51.100.9"));

    assertThat(server.acts).extracting(Act::address).containsExactly(Optional.of("127.0.0.1"));
  }
}
