package dev.perennial.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.access.Caller;
import dev.perennial.app.access.Scope;
import dev.perennial.app.audit.Act;
import dev.perennial.app.audit.Action;
import dev.perennial.app.console.session.Sessions;
import dev.perennial.app.console.session.SignInLimit;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SignInTest {
  private final ConsoleServer console = new ConsoleServer();

  @AfterEach
  void close() {
    console.close();
  }

  private static String location(HttpResponse<?> answer) {
    return answer.headers().firstValue("Location").orElse("");
  }

  @Test
  void whoeverIsNotSignedInIsLedThereAndBack() {
    HttpResponse<String> away = console.get("/connections?q=acme");
    assertThat(away.statusCode()).isEqualTo(303);
    assertThat(location(away))
        .isEqualTo("/console/sign-in?then=%2Fconsole%2Fconnections%3Fq%3Dacme");
    assertThat(console.get("/sign-in?then=%2Fconsole%2Fconnections%3Fq%3Dacme").body())
        .contains("value=\"/console/connections?q=acme\"");
  }

  @Test
  void aKeyOpensASessionThatScriptsAndOtherSitesCannotUse() {
    HttpResponse<String> answer = console.signIn(ConsoleServer.ADMIN);
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
        .matches(
            "perennial-console=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict"); // loopback
    assertThat(console.get("").statusCode()).isEqualTo(200);
    assertThat(console.get("").body()).doesNotContain(console.cookie(), ConsoleServer.ADMIN);
  }

  /** Restricted headers need a property of the JDK's client; so this is asked by hand. */
  @Test
  void elsewhereThanOnThisMachineTheCookieIsProtected() throws Exception {
    String answer = RawRequest.signIn(console.origin(), "console.example.com", ConsoleServer.ADMIN);
    assertThat(answer)
        .containsPattern(
            "Set-Cookie: __Host-perennial-console=[A-Za-z0-9_-]{43}; Path=/; HttpOnly;"
                + " SameSite=Strict; Secure");
  }

  @Test
  void whatOpensNothingIsSaidAndTheManyTriesOfOneAddressEnd() {
    assertThat(console.signIn("wrong").statusCode()).isEqualTo(401);
    assertThat(console.signIn("wrong").body()).contains("neither an API key nor the admin token");
    for (int i = 2; i < SignInLimit.MOST; i++) {
      assertThat(console.signIn("wrong").statusCode()).isEqualTo(401);
    }
    HttpResponse<String> limited = console.signIn(ConsoleServer.ADMIN);
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("Retry-After")).isPresent();
    console.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(console.signIn(ConsoleServer.ADMIN).statusCode()).isEqualTo(303);
  }

  @Test
  void aKeyWithoutTheScopeDoesNotOpen() {
    console.admin.know(
        "metrics", new Caller("key m", Set.of(Scope.METRICS_READ), Optional.empty()));
    HttpResponse<String> answer = console.signIn("metrics");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("connections:read");
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void anotherSiteCannotSignSomebodyIn() {
    for (String origin : new String[] {"https://evil.example", "null", "http://127.0.0.1:1"}) {
      HttpResponse<String> answer =
          console.send(
              console
                  .form("/sign-in", Map.of("key", ConsoleServer.ADMIN))
                  .header("Origin", origin));
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
      Act told = console.admin.acts().getLast();
      assertThat(told.action()).isEqualTo(Action.CONSOLE_SIGN_IN);
      assertThat(told.actor()).isEqualTo("anybody");
      assertThat(told.reason()).contains("foreign_form");
    }
  }

  @Test
  void onlyPagesOfOursAreGoneBackTo() {
    console.signIn(ConsoleServer.ADMIN);
    for (String then :
        new String[] {
          "https://evil.example/",
          "//evil.example/console",
          "/console/../v1/export",
          "/consolevil",
          "/console/sign-in?then=x"
        }) {
      HttpResponse<String> answer =
          console.get("/sign-in?then=" + URLEncoder.encode(then, StandardCharsets.UTF_8));
      assertThat(location(answer)).as(then).isEqualTo("/console");
    }
  }

  @Test
  void aRevokedKeyEndsItsSessionsAndLessScopesCountAtOnce() {
    console.admin.know(
        "soon", new Caller("key soon", Set.of(Scope.CONNECTIONS_READ), Optional.empty()));
    console.signIn("soon");
    assertThat(console.get("").statusCode()).isEqualTo(200);
    console.admin.know(
        "soon", new Caller("key soon", Set.of(Scope.METRICS_READ), Optional.empty()));
    assertThat(console.get("").statusCode()).isEqualTo(403);
    console.admin.revoke("soon");
    assertThat(console.get("").statusCode()).isEqualTo(303);
    console.admin.know(
        "soon", new Caller("key soon", Set.of(Scope.CONNECTIONS_READ), Optional.empty()));
    assertThat(console.get("").statusCode()).isEqualTo(303);
  }

  @Test
  void aSessionEndsWhenNobodyUsesItAndAtLastInAnyCase() {
    console.signIn(ConsoleServer.ADMIN);
    console.clock.updateAndGet(it -> it.plus(Sessions.IDLE).minusSeconds(1));
    assertThat(console.send(console.request("").header(Doorman.BY_ITSELF, "live")).statusCode())
        .isEqualTo(200); // the page by itself, which does not count
    console.clock.updateAndGet(it -> it.plusSeconds(1));
    assertThat(console.get("").statusCode()).isEqualTo(303);

    console.signIn(ConsoleServer.ADMIN);
    for (Duration d = Duration.ZERO; d.compareTo(Sessions.LONGEST) < 0; d = d.plusMinutes(30)) {
      assertThat(console.get("").statusCode()).isEqualTo(200);
      console.clock.updateAndGet(it -> it.plus(Duration.ofMinutes(30)));
    }
    assertThat(console.get("").statusCode()).isEqualTo(303);
  }

  @Test
  void signingOutEndsTheSession() {
    console.signIn(ConsoleServer.ADMIN);
    assertThat(console.post("/sign-out", Map.of("token", console.token())).statusCode())
        .isEqualTo(303);
    assertThat(console.get("").statusCode()).isEqualTo(303);
  }
}
