package dev.perennial.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.ingress.Browser.Shown;
import dev.perennial.ingress.limit.Clients;
import dev.perennial.ingress.limit.RequestLimit;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublicListenerTest {
  private Ingress ingress =
      new Ingress(
          Ingress.OPEN,
          TestIntegration.plain("google"),
          TestIntegration.plain("github").missing("PERENNIAL_GITHUB_CLIENT_ID"),
          TestIntegration.plain("machine").withoutBrowser());
  private Browser browser = new Browser(ingress);
  private final AtomicLong now = new AtomicLong();

  @AfterEach
  void stop() {
    ingress.close();
  }

  @Test
  void everyResponseCarriesTheSecurityHeaders() {
    String state = browser.begin("/connect/google");
    List<Shown> all =
        List.of(
            browser.get("/"),
            browser.get("/nothing"),
            browser.get("/connect/google"),
            browser.head("/callback/google"),
            browser.get("/callback/google?state=x"),
            browser.get("/callback/google?code=c&state=" + state),
            browser.get("/callback/google/progress"),
            browser.postCrossSite("/callback/google", "state=x"),
            browser.method("DELETE", "/connect/google"));
    for (Shown shown : all) {
      assertThat(shown.header("Content-Security-Policy"))
          .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
          .doesNotContain("unsafe", "*", "http:", "https:");
      assertThat(shown.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(shown.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(shown.header("Cache-Control")).isEqualTo("no-store");
      assertThat(shown.response().headers().allValues("Content-Security-Policy")).hasSize(1);
    }
  }

  @Test
  void beyondTheLimitAPageSaysSoAndNoStateIsUsedUp() {
    ingress.close();
    RequestLimit limit =
        new RequestLimit(new Clients(List.of(), Clients.Header.FORWARDED), 1, 0, now::get);
    ingress = new Ingress(Ingress.OPEN, limit, TestIntegration.plain("google"));
    browser = new Browser(ingress);
    String state = browser.begin("/connect/google");
    Shown refused = browser.get("/connect/google");
    for (int i = 0; i < 10; i++) {
      refused = browser.get("/callback/google?code=c&state=" + state);
      if (refused.status() == 429) {
        break;
      }
      state = browser.begin("/connect/google");
    }

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.text()).contains("Too many at once");
    assertThat(browser.get("/").status()).isEqualTo(200);
    now.addAndGet(1_000_000_000);
    assertThat(browser.get("/callback/google?code=c&state=" + state).status()).isEqualTo(303);
  }

  @Test
  void overHttpsBrowsersAreToldToStayThere() {
    assertThat(browser.get("/").response().headers().allValues("Strict-Transport-Security"))
        .isEmpty();
    ingress.close();
    ingress = new Ingress(Ingress.CLOSED, TestIntegration.plain("google"));
    browser = new Browser(ingress);
    assertThat(browser.get("/nothing").header("Strict-Transport-Security"))
        .isEqualTo("max-age=31536000");
  }

  @Test
  void whatStandsInlineIsWhatThePolicyNames() {
    browser.begin("/connect/google");
    Shown page = browser.postCrossSite("/callback/google", "state=x");

    for (String tag : List.of("style", "script")) {
      Matcher inline =
          Pattern.compile("<" + tag + ">(.*?)</" + tag + ">", Pattern.DOTALL).matcher(page.text());
      assertThat(inline.find()).isTrue();
      assertThat(page.header("Content-Security-Policy"))
          .contains(
              tag
                  + "-src 'sha256-"
                  + Base64.getEncoder()
                      .encodeToString(Sha256.of(Objects.requireNonNull(inline.group(1))))
                  + "'");
    }
  }

  @Test
  void noPageLoadsAnythingFromElsewhere() {
    for (String path : List.of("/", "/nothing", "/callback/google?state=x")) {
      assertThat(browser.get(path).text())
          .doesNotContainPattern("(src|href)=\"(https?:)?//")
          .doesNotContain("@import", "url(");
    }
  }

  @Test
  void everyPageHasALanguageATitleAndItsNextStep() {
    assertThat(browser.get("/callback/google?state=x").text())
        .contains("<html lang=\"en\">", "<title>We do not know this consent · Perennial</title>")
        .contains("role=\"status\"", "class=\"next\"");
  }

  @Test
  void hostileValuesAreNeverShownAsMarkup() {
    String hostile = "%3Cscript%3Ealert(1)%3C/script%3E%22'%3E%3Cimg%20src=x%3E";
    String state = browser.begin("/connect/google");
    List<Shown> all =
        List.of(
            browser.get("/" + hostile.replace("/", "")),
            browser.get("/connect/" + hostile.replace("/", "")),
            browser.get("/connect/google?connection=" + hostile),
            browser.get("/callback/google?state=" + hostile),
            browser.get("/callback/google/done?authorization=" + hostile + "&connection=acme"),
            browser.postCrossSite("/callback/google", hostile + "=" + hostile),
            browser.get(
                "/callback/google?state="
                    + state
                    + "&error="
                    + hostile
                    + "&error_description="
                    + hostile));
    for (Shown shown : all) {
      assertThat(shown.text()).doesNotContain("<script>alert", "<img");
    }
    assertThat(all.getLast().text())
        .contains("does not print", "&lt;script&gt;alert(1)&lt;/script&gt;");
  }

  @Test
  void aLongDescriptionOfTheProviderIsCut() {
    String state = browser.begin("/connect/google");
    Shown shown =
        browser.get(
            "/callback/google?error=x&state=" + state + "&error_description=" + "y".repeat(500));

    assertThat(shown.text()).contains("y".repeat(200) + "…").doesNotContain("y".repeat(201));
  }

  @Test
  void theFirstPageListsWhatCanBeConnectedInAnOpenInstallation() {
    assertThat(browser.get("/").text())
        .contains("This is Perennial", "href=\"/connect/google\"", "github", "not set up yet")
        .doesNotContain("href=\"/connect/github\"", "machine");
  }

  @Test
  void theFirstPageListsNothingInAClosedInstallation() {
    ingress.close();
    ingress = new Ingress(Ingress.CLOSED, TestIntegration.plain("google"));
    browser = new Browser(ingress);

    assertThat(browser.get("/").text())
        .contains("This is Perennial")
        .doesNotContain("/connect/", "google");
  }

  @Test
  void otherMethodsAreNotAllowed() {
    Shown shown = browser.method("DELETE", "/callback/google");
    assertThat(shown.status()).isEqualTo(405);
    assertThat(shown.header("Allow")).isEqualTo("GET, HEAD, POST");
    assertThat(browser.method("DELETE", "/connect/google").status()).isEqualTo(405);
    assertThat(browser.method("PUT", "/").header("Allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void anythingElseIsNotFound() {
    for (String path : List.of("/nothing", "/callback", "/callback/google/x", "/../etc/passwd")) {
      assertThat(browser.get(path).status()).isEqualTo(404);
    }
    assertThat(browser.get("/nothing").text()).contains("There is nothing here");
  }
}
