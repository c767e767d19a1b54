package dev.perennial.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Reason;
import dev.perennial.ingress.Browser.Shown;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  private static final ConnectionKey ACME = new ConnectionKey("google", "acme");

  private final Ingress ingress = new Ingress(Ingress.CLOSED, TestIntegration.plain("google"));
  private final Browser browser = new Browser(ingress);

  @AfterEach
  void stop() {
    ingress.close();
  }

  /** Comes back from the provider with a code; gives the page the browser is sent to. */
  private String consented(@Nullable String returnTo) {
    String state =
        browser.begin("/connect/google?session=" + ingress.session("google/acme", returnTo));
    String id = ingress.pending.of(state).id();
    Shown shown = browser.get("/callback/google?code=c-1&state=" + state);
    assertThat(shown.header("Location")).contains("authorization=" + id);
    return shown.header("Location");
  }

  private static String id(String done) {
    return done.replaceAll(".*authorization=([^&]*).*", "$1");
  }

  private static String progress(String done) {
    return "/callback/google/progress?authorization=" + id(done) + "&connection=acme";
  }

  @Test
  void waitsWhileTheExchangeRuns() {
    String done = consented(null);
    Shown shown = browser.get(done);

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.text())
        .contains("Connecting google…", "role=\"status\" aria-live=\"polite\"")
        .contains("data-progress=\"" + progress(done).replace("&", "&amp;") + "\"")
        .contains("<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>");
    assertThat(shown.header("Content-Security-Policy"))
        .contains("connect-src 'self'", "script-src 'sha256-");
    assertThat(browser.get(progress(done)).text()).isEqualTo("{\"state\":\"pending\"}");
  }

  @Test
  void turnsToConnected() {
    String done = consented(null);
    ingress.codes.connect(ACME, id(done));

    Shown progress = browser.get(progress(done));
    assertThat(progress.header("Content-Type")).isEqualTo("application/json");
    assertThat(progress.text()).isEqualTo("{\"state\":\"connected\"}");
    assertThat(browser.get(done).text())
        .contains("<h1>Connected</h1>", "google/acme is connected")
        .doesNotContain("http-equiv");
  }

  @Test
  void turnsToTheReason() {
    String done = consented(null);
    ingress.codes.fail(ACME, id(done), new Reason("refused", "HTTP 400 invalid_grant"));

    assertThat(browser.get(progress(done)).text())
        .isEqualTo("{\"state\":\"failed\",\"reason\":\"refused\"}");
    assertThat(browser.get(done).text())
        .contains("The provider refused", "refused (HTTP 400 invalid_grant)")
        .contains("perennial connect google");
  }

  @Test
  void passesOnNoReasonThatIsNotOfOurVocabulary() {
    String done = consented(null);
    ingress.codes.fail(ACME, id(done), new Reason("\"}<b>", "<b>"));

    assertThat(browser.get(progress(done)).text())
        .isEqualTo("{\"state\":\"failed\",\"reason\":\"unknown\"}");
    assertThat(browser.get(done).text()).doesNotContain("<b>");
  }

  @Test
  void sendsTheBrowserBackWithTheOutcome() {
    String done = consented("https://app.example.com/settings?tab=a&x=%22#there");
    ingress.codes.connect(ACME, id(done));

    String expected =
        "https://app.example.com/settings?tab=a&amp;x=%22&amp;perennial_status=connected"
            + "&amp;connection=google%2Facme#there";
    assertThat(browser.get(done).text())
        .contains("<meta http-equiv=\"refresh\" content=\"1;url=" + expected + "\">")
        .contains("href=\"" + expected + "\"", "Back to app.example.com");
  }

  @Test
  void sendsTheBrowserBackWithAFailure() {
    String done = consented("https://app.example.com/");
    ingress.codes.fail(ACME, id(done), Reason.of("refused"));

    assertThat(browser.get(done).text())
        .contains("perennial_status=failed&amp;connection=google%2Facme");
  }

  @Test
  void sendsTheBrowserBackAfterADenialToo() {
    String session = ingress.session("google/acme", "https://app.example.com/settings");
    String state = browser.begin("/connect/google?session=" + session);

    assertThat(browser.get("/callback/google?error=access_denied&state=" + state).text())
        .contains("You declined")
        .contains("https://app.example.com/settings?perennial_status=failed");
  }

  @Test
  void neverSendsTheBrowserToAnOriginThatIsNotListed() {
    for (String address :
        new String[] {
          "https://evil.example/",
          "https://app.example.com.evil.example/",
          "https://app.example.com@evil.example/",
          "http://app.example.com/",
          "https://app.example.com:8443/",
          "//app.example.com/",
          "javascript:alert(1)",
          "https://evil.example\\@app.example.com/"
        }) {
      String done = consented(address);
      assertThat(done).doesNotContain("return_to");
      ingress.codes.connect(ACME, id(done));
      String forged =
          done
              + "&return_to="
              + java.net.URLEncoder.encode(address, java.nio.charset.StandardCharsets.UTF_8);
      assertThat(browser.get(forged).text())
          .contains("<h1>Connected</h1>")
          .doesNotContain("evil", "http-equiv", "href=\"http", "href=\"j");
    }
  }

  @Test
  void saysThatItCannotLookWhileRedisIsAway() {
    String done = consented(null);
    ingress.codes.down = true;

    Shown shown = browser.get(done);
    assertThat(shown.status()).isEqualTo(503);
    assertThat(shown.text()).contains("We cannot look right now");
    assertThat(browser.get(progress(done)).status()).isEqualTo(503);
  }

  @Test
  void refusesAnAddressThatNamesNoConsent() {
    for (String query :
        new String[] {"", "?authorization=x&connection=acme", "?authorization=" + "A".repeat(22)}) {
      assertThat(browser.get("/callback/google/done" + query).status()).isEqualTo(400);
      assertThat(browser.get("/callback/google/progress" + query).status()).isEqualTo(400);
    }
  }
}
