package dev.perennial.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Scope;
import dev.perennial.app.admin.ConsoleAdmin;
import dev.perennial.app.audit.Act;
import dev.perennial.app.audit.Action;
import dev.perennial.credentials.ExchangerReport;
import dev.perennial.credentials.ExchangerReport.Breaker;
import dev.perennial.credentials.ExchangerReport.Standing;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Census;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.AuditEvent.Outcome;
import dev.perennial.domain.event.Event;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsoleRoutesTest {
  private static final ConnectionKey ACME = new ConnectionKey("google", "acme");
  private static final List<String> PAGES =
      List.of("", "/connections", "/connections/google/acme", "/integrations", "/activity");

  private final ConsoleServer console = new ConsoleServer();

  ConsoleRoutesTest() {
    console.admin.set(console.admin.state(ACME, Status.ACTIVE, 3));
    console.memory.caughtUp();
  }

  @AfterEach
  void close() {
    console.close();
  }

  private void happened(CredentialState state) {
    console.memory.record(0, 17, new Event.CredentialUpdated(state));
  }

  @Test
  void everyPageIsShownWithItsSecurityAndWithoutAnyToken() {
    console.signIn(ConsoleServer.ADMIN);
    happened(console.admin.state(ACME, Status.ACTIVE, 3));
    for (String page : PAGES) {
      HttpResponse<String> answer = console.get(page);
      assertThat(answer.statusCode()).as(page).isEqualTo(200);
      assertThat(answer.body())
          .contains("<html lang=\"en\">", "Skip to content")
          .doesNotContain("planted-", "access-3", " style=", "<script>", "onclick", "javascript:");
      assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe", "http");
      assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Referrer-Policy")).contains("same-origin");
    }
  }

  @Test
  void assetsAreServedForGoodAndNothingElseIs() {
    String page = console.get("/sign-in").body();
    List<String> assets =
        Pattern.compile("/console(/assets/[^\"]+)")
            .matcher(page)
            .results()
            .map(it -> String.valueOf(it.group(1)))
            .toList();
    assertThat(assets).hasSize(3);
    for (String asset : assets) {
      HttpResponse<String> answer = console.get(asset);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
      assertThat(answer.body()).doesNotContain("url(", "https:", "@import").isNotEmpty();
    }
    assertThat(console.get("/assets/../../openapi.json").statusCode()).isNotEqualTo(200);
    assertThat(console.get("/assets/nothing.js").statusCode()).isEqualTo(404);
  }

  @Test
  void anActionNeedsOurOriginAndTheTokenOfTheSession() {
    console.signIn(ConsoleServer.ADMIN);
    String token = console.token();
    String path = "/connections/google/acme/refresh";
    Map<String, String> own = Map.of("token", token);
    assertThat(console.send(console.form(path, own)).statusCode()).isEqualTo(403);
    assertThat(
            console
                .send(console.form(path, own).header("Origin", "https://evil.example"))
                .statusCode())
        .isEqualTo(403);
    assertThat(
            console
                .send(
                    console
                        .form(path, own)
                        .header("Origin", console.origin())
                        .header("Sec-Fetch-Site", "cross-site"))
                .statusCode())
        .isEqualTo(403);
    assertThat(console.post(path, Map.of()).statusCode()).isEqualTo(403);
    assertThat(console.post(path, Map.of("token", token + "x")).statusCode()).isEqualTo(403);
    assertThat(console.admin.events()).isEmpty();
    assertThat(console.post(path, own).statusCode()).isEqualTo(303);
    assertThat(console.admin.events()).hasSize(1);
  }

  @Test
  void aFormThatNoPageOfOursSentIsInTheTrail() {
    console.signIn(ConsoleServer.READER);
    int before = console.admin.acts().size();
    Map<String, Action> forms =
        Map.of(
            "/connections/google/acme/refresh", Action.CONNECTION_REFRESH,
            "/connections/google/acme/reconnect", Action.CONNECT_SESSION_CREATE,
            "/connections/google/acme/delete", Action.CONNECTION_DELETE,
            "/sign-out", Action.CONSOLE_SIGN_OUT);
    forms.forEach((path, _) ->
        assertThat(console.post(path, Map.of("token", "x")).statusCode()).isEqualTo(403));

    List<Act> told = console.admin.acts().subList(before, console.admin.acts().size());
    assertThat(told).extracting(Act::action).containsExactlyInAnyOrderElementsOf(forms.values());
    assertThat(told)
        .allSatisfy(act -> {
          assertThat(act.outcome()).isEqualTo(Outcome.DENIED);
          assertThat(act.reason()).contains("foreign_form");
          assertThat(act.actor()).isEqualTo("key reader");
          assertThat(act.address()).contains("127.0.0.1");
          assertThat(act.object())
              .isEqualTo(act.action() == Action.CONSOLE_SIGN_OUT ? "" : "google/acme");
        });
  }

  @Test
  void aDeletionThatIsNotConfirmedIsInTheTrail() {
    console.signIn(ConsoleServer.ADMIN);
    Map<String, String> wrong = Map.of("token", console.token(), "confirm", "acne");
    assertThat(console.post("/connections/google/acme/delete", wrong).statusCode()).isEqualTo(303);

    Act told = console.admin.acts().getLast();
    assertThat(told.action()).isEqualTo(Action.CONNECTION_DELETE);
    assertThat(told.object()).isEqualTo("google/acme");
    assertThat(told.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(told.reason()).contains("unconfirmed");
  }

  @Test
  void theTokenOfAnotherSessionIsNone() {
    console.signIn(ConsoleServer.ADMIN);
    String token = console.token();
    console.signIn(ConsoleServer.ADMIN);
    assertThat(
            console.post("/connections/google/acme/refresh", Map.of("token", token)).statusCode())
        .isEqualTo(403);
  }

  @Test
  void whoeverMayOnlyLookIsShownNoActionAndDoesNone() {
    console.signIn(ConsoleServer.READER);
    assertThat(console.get("/connections/google/acme").body())
        .contains("connections:write")
        .doesNotContain("Refresh now", "Delete for good");
    Map<String, String> own = Map.of("token", console.token(), "confirm", "acme");
    for (String action : List.of("refresh", "reconnect", "delete")) {
      HttpResponse<String> answer = console.post("/connections/google/acme/" + action, own);
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("connections:write");
    }
    assertThat(console.admin.events()).isEmpty();
  }

  @Test
  void otherIntegrationsAreNotThereForWhoeverIsLimited() {
    ConnectionKey other = new ConnectionKey("shop", "elsewhere");
    console.admin.set(console.admin.state(other, Status.ACTIVE, 1));
    happened(console.admin.state(other, Status.ACTIVE, 1));
    Census.Count one = new Census.Count(Map.of(Status.ACTIVE, 7L), 7, 7, 0, 0, 0, 0, null);
    Census.Count hidden = new Census.Count(Map.of(Status.ACTIVE, 35_003L), 7, 7, 0, 0, 0, 0, null);
    console.counts.set(
        Optional.of(
            new Census(
                ConsoleAdmin.NOW, Duration.ofSeconds(1), Map.of("google", one, "shop", hidden))));
    console.admin.know(
        "limited", new Caller("key l", Set.of(Scope.ADMIN), Optional.of(Set.of("google"))));
    console.signIn("limited");
    for (String page : PAGES) {
      assertThat(console.get(page).body())
          .as(page)
          .doesNotContain("elsewhere", ">shop<", "35,0")
          .contains("google");
    }
    assertThat(console.get("/connections?integration=shop").body()).contains("No connection is");
    HttpResponse<String> shown = console.get("/connections/shop/elsewhere");
    assertThat(shown.statusCode()).isEqualTo(403);
    HttpResponse<String> deleted =
        console.post(
            "/connections/shop/elsewhere/delete",
            Map.of("token", console.token(), "confirm", "elsewhere"));
    assertThat(deleted.statusCode()).isEqualTo(403);
    assertThat(console.admin.get(other)).isNotNull();
  }

  @Test
  void aLinkIsShownOnceAndStandsInNoAddress() {
    console.signIn(ConsoleServer.ADMIN);
    HttpResponse<String> made =
        console.post("/connections/google/acme/reconnect", Map.of("token", console.token()));
    assertThat(made.headers().firstValue("Location")).contains("/console/connections/google/acme");
    assertThat(console.get("/connections/google/acme").body())
        .contains("https://connect.example.com/connect/google?session=");
    assertThat(console.get("/connections/google/acme").body())
        .doesNotContain("connect.example.com");
  }

  @Test
  void aConnectionIsDeletedWhereItsIdIsTyped() {
    console.signIn(ConsoleServer.ADMIN);
    String path = "/connections/google/acme";
    console.post(path + "/delete", Map.of("token", console.token(), "confirm", "acm"));
    assertThat(console.get(path).body()).contains("Not deleted");
    assertThat(console.admin.get(ACME)).extracting(it -> it.status()).isEqualTo(Status.ACTIVE);
    console.post(path + "/delete", Map.of("token", console.token(), "confirm", "acme"));
    assertThat(console.get(path).body()).contains("Its tokens are forgotten");
    assertThat(console.admin.get(ACME)).extracting(it -> it.status()).isEqualTo(Status.DELETED);
  }

  @Test
  void whatIsDoneAndWhatIsNotIsTakenDown() {
    console.signIn("nothing");
    console.signIn(ConsoleServer.READER);
    Map<String, String> own = Map.of("token", console.token());
    console.post("/connections/google/acme/refresh", own);
    console.post("/sign-out", own);
    console.signIn(ConsoleServer.ADMIN);
    console.post("/connections/google/acme/refresh", Map.of("token", console.token()));
    assertThat(console.admin.acts())
        .extracting(
            it -> it.action().text() + " " + it.object() + " " + it.outcome() + " " + it.actor())
        .containsExactly(
            "console.sign_in  DENIED anybody",
            "console.sign_in  ALLOWED key reader",
            "connection.refresh google/acme DENIED key reader",
            "console.sign_out  ALLOWED key reader",
            "console.sign_in  ALLOWED admin.token",
            "connection.refresh google/acme ALLOWED admin.token");
  }

  @Test
  void whatCannotBeDoneIsSaid() {
    console.admin.set(console.admin.state(ACME, Status.REAUTHORIZATION_REQUIRED, 3));
    console.signIn(ConsoleServer.ADMIN);
    console.post("/connections/google/acme/refresh", Map.of("token", console.token()));
    assertThat(console.get("/connections/google/acme").body()).contains("Only a new consent helps");
  }

  @Test
  void markupInWhatIsShownStaysText() {
    String evil = "<img src=x onerror=alert(1)>'\"&";
    CredentialState bad = console.admin.state(ACME, Status.REFRESH_FAILING, 3);
    CredentialState with =
        new CredentialState(
            bad.key(),
            1,
            1,
            4,
            Status.REFRESH_FAILING,
            Change.REFRESH_FAILED,
            new Reason("<b>code", evil),
            bad.sealed(),
            bad.issuedAt(),
            bad.expiresAt(),
            bad.nextRefreshAt(),
            evil,
            evil,
            bad.changedAt());
    console.admin.set(with);
    happened(with);
    console.admin.know("evil", new Caller("key <script>", Set.of(Scope.ADMIN), Optional.empty()));
    console.signIn("evil");
    for (String page : PAGES) {
      assertThat(console.get(page).body()).doesNotContain("<img", "<b>code", "key <script>");
    }
    assertThat(console.get("/connections/google/acme").body())
        .contains("&lt;img src=x onerror=alert(1)&gt;");
    assertThat(
            console
                .get("/connections?q=%22%3E%3Cscript%3E&integration=%3Cu%3E&reason=%3Ci%3E")
                .body())
        .doesNotContain("\"><script>", "<u>", "<i>")
        .contains("No connection is");
    assertThat(console.get("/connections/google/%3Cscript%3E").body()).doesNotContain("<script>");
    assertThat(console.get("/%3Cscript%3E").body()).doesNotContain("<script>");
  }

  @Test
  void methodsPathsAndBodiesAreHeldTo() {
    console.signIn(ConsoleServer.ADMIN);
    HttpResponse<String> method =
        console.send(console.request("/connections").POST(BodyPublishers.ofString("")));
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("Allow")).contains("GET, HEAD");
    HttpResponse<String> get = console.get("/connections/google/acme/refresh");
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).contains("POST");
    assertThat(console.get("/nowhere").statusCode()).isEqualTo(404);
    assertThat(console.get("/connections/google/nobody").statusCode()).isEqualTo(404);
    assertThat(console.get("/connections?cursor=broken").statusCode()).isEqualTo(400);
    HttpResponse<String> head =
        console.send(console.request("").method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    HttpResponse<String> json =
        console.send(
            console
                .request("/sign-out")
                .header("Content-Type", "application/json")
                .header("Origin", console.origin())
                .POST(BodyPublishers.ofString("{}")));
    assertThat(json.statusCode()).isEqualTo(415);
    HttpResponse<String> long413 = console.post("/sign-out", Map.of("token", "x".repeat(30_000)));
    assertThat(long413.statusCode()).isEqualTo(413);
  }

  @Test
  void theOverviewSaysWhatTheCountSays() {
    Census.Count count =
        new Census.Count(
            Map.of(
                Status.ACTIVE, 99_400L,
                Status.REFRESH_FAILING, 500L,
                Status.REAUTHORIZATION_REQUIRED, 99L,
                Status.EXPIRED, 1L,
                Status.DELETED, 12L),
            99_900,
            99_399,
            3,
            10,
            200,
            4_000,
            ConsoleAdmin.NOW.minusSeconds(90));
    console.counts.set(
        Optional.of(new Census(ConsoleAdmin.NOW, Duration.ofSeconds(1), Map.of("google", count))));
    console.signIn(ConsoleServer.READER);
    assertThat(console.get("").body())
        .contains("100 connections need a new consent.", "99,400", "4,000", "1 min 30 s ago")
        .contains("99.49 %");
  }

  @Test
  void integrationsSayWhatTheExchangersTell() {
    console.signIn(ConsoleServer.READER);
    assertThat(console.get("/integrations").body()).contains("No exchanger was heard of");
    console.exchangers.set(
        List.of(
            new ExchangerReport("a", 512, Map.of("google", new Standing(Breaker.OPEN, 3))),
            new ExchangerReport("b", 512, Map.of())));
    assertThat(console.get("/integrations").body())
        .contains("breaker <b>open in 1 of 2</b>, <b>3 of 1,024</b> places")
        .contains("what 2 exchangers told")
        .doesNotContain("No exchanger was heard of");
    console.exchangers.set(List.of(new ExchangerReport("a", 512, Map.of())));
    assertThat(console.get("/integrations").body())
        .contains("breaker <b>closed</b>, <b>0 of 512</b> places", "what 1 exchanger told");
  }
}
