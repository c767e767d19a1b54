package dev.perennial.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.ingress.Browser.Shown;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectTest {
  private Ingress ingress = new Ingress(Ingress.OPEN, TestIntegration.plain("google"));
  private Browser browser = new Browser(ingress);

  @AfterEach
  void stop() {
    ingress.close();
  }

  private void on(IngressSettings settings, TestIntegration... integrations) {
    ingress.close();
    ingress = new Ingress(settings, integrations);
    browser = new Browser(ingress);
  }

  @Test
  void sendsTheBrowserToTheProviderWithOurState() {
    Shown shown = browser.get("/connect/google");

    assertThat(shown.status()).isEqualTo(302);
    assertThat(shown.header("Location"))
        .startsWith(
            "https://provider.example/authorize?redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fcallback%2Fgoogle&state=")
        .doesNotContain("code_challenge");
    assertThat(shown.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void remembersForWhichConnectionAndBrowserTheStateWasMade() {
    String state = browser.begin("/connect/google?connection=acme");

    PendingAuthorization pending = ingress.pending.of(state);
    assertThat(state).hasSize(43);
    assertThat(pending.key()).isEqualTo(new ConnectionKey("google", "acme"));
    assertThat(browser.cookie).isEqualTo("perennial=" + pending.browser().reveal());
    assertThat(pending.codeVerifier()).isNull();
    assertThat(pending.returnTo()).isNull();
  }

  @Test
  void namesTheConnectionDefaultWhereNoneIsAsked() {
    assertThat(ingress.pending.of(browser.begin("/connect/google")).key().connection())
        .isEqualTo("default");
  }

  @Test
  void refusesAConnectionIdThatIsNone() {
    Shown shown = browser.get("/connect/google?connection=%2Fetc%2Fpasswd");

    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.text()).contains("cannot be named so").doesNotContain("passwd");
  }

  @Test
  void addsAnS256ChallengeWhereTheDefinitionSaysPkce() {
    on(Ingress.OPEN, TestIntegration.plain("google").withPkce());
    Shown shown = browser.get("/connect/google");
    String location = shown.header("Location");
    String state = location.replaceAll(".*&state=([^&]*).*", "$1");

    Secret verifier = Objects.requireNonNull(ingress.pending.of(state).codeVerifier());
    assertThat(verifier.reveal()).hasSizeBetween(43, 128).matches("[A-Za-z0-9._~-]+");
    String challenge =
        Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(verifier.reveal()));
    assertThat(location).endsWith("&code_challenge=" + challenge + "&code_challenge_method=S256");
  }

  @Test
  void bindsTheBrowserWithAHostCookieOverHttps() {
    on(Ingress.CLOSED, TestIntegration.plain("google"));
    Shown shown = browser.get("/connect/google?session=" + ingress.session("google/acme", null));

    assertThat(shown.header("Set-Cookie"))
        .matches("__Host-perennial=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax; Secure");
  }

  @Test
  void bindsTheBrowserWithAPlainCookieOnLocalhost() {
    assertThat(browser.get("/connect/google").header("Set-Cookie"))
        .matches("perennial=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax");
  }

  @Test
  void usesOneBindingForAllConsentsOfABrowser() {
    String first = browser.begin("/connect/google");
    String second = browser.begin("/connect/google?connection=acme");

    assertThat(first).isNotEqualTo(second);
    assertThat(ingress.pending.of(first).browser()).isEqualTo(ingress.pending.of(second).browser());
  }

  @Test
  void replacesABindingThatItCannotHaveSet() {
    browser.cookie = "perennial=x";

    assertThat(browser.get("/connect/google").header("Set-Cookie"))
        .matches("perennial=[A-Za-z0-9_-]{43};.*");
  }

  @Test
  void needsASessionWhereTheInstallationIsClosed() {
    on(Ingress.CLOSED, TestIntegration.plain("google"));
    Shown shown = browser.get("/connect/google?connection=acme");

    assertThat(shown.status()).isEqualTo(403);
    assertThat(shown.text()).contains("You need a link", "perennial connect google", "admin API");
    assertThat(ingress.pending.size()).isZero();
  }

  @Test
  void aLinkMayBeOpenedUntilAConsentHasUsedItUp() {
    on(Ingress.CLOSED, TestIntegration.plain("google"));
    String session = ingress.session("google/acme", null);
    String path = "/connect/google?session=" + session;

    assertThat(ingress.pending.of(browser.begin(path)).key().connection()).isEqualTo("acme");
    assertThat(ingress.pending.of(browser.begin(path)).session()).isEqualTo(Secret.of(session));
    ingress.sessions.redeem(Secret.of(session), "a consent");
    Shown again = browser.get(path);
    assertThat(again.status()).isEqualTo(403);
    assertThat(again.text()).contains("This link is not good any more");
  }

  @Test
  void takesTheConnectionFromTheSessionAndNotFromTheAddress() {
    on(Ingress.CLOSED, TestIntegration.plain("google"));
    String session = ingress.session("google/acme", Ingress.RETURN_ORIGIN + "/done");
    String state = browser.begin("/connect/google?connection=evil&session=" + session);

    assertThat(ingress.pending.of(state).key().connection()).isEqualTo("acme");
    assertThat(ingress.pending.of(state).returnTo()).isEqualTo("https://app.example.com/done");
  }

  @Test
  void refusesASessionOfAnotherIntegration() {
    on(Ingress.CLOSED, TestIntegration.plain("google"), TestIntegration.plain("github"));
    String session = ingress.session("github/acme", null);

    assertThat(browser.get("/connect/google?session=" + session).status()).isEqualTo(403);
    assertThat(ingress.pending.size()).isZero();
  }

  @Test
  void headRedeemsNothing() {
    on(Ingress.CLOSED, TestIntegration.plain("google"));
    String path = "/connect/google?session=" + ingress.session("google/acme", null);

    Shown head = browser.head(path);
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Set-Cookie")).isEmpty();
    assertThat(browser.get(path).status()).isEqualTo(302);
  }

  @Test
  void aPrefetchRedeemsNothing() {
    on(Ingress.CLOSED, TestIntegration.plain("google"));
    String path = "/connect/google?session=" + ingress.session("google/acme", null);

    assertThat(browser.get(path, "Sec-Purpose", "prefetch;prerender").status()).isEqualTo(503);
    assertThat(browser.get(path).status()).isEqualTo(302);
  }

  @Test
  void doesNotKnowAnotherIntegration() {
    Shown shown = browser.get("/connect/gogle");

    assertThat(shown.status()).isEqualTo(404);
    assertThat(shown.text()).contains("not known here");
  }

  @Test
  void saysThatAnIntegrationIsNotSetUpAndKeepsTheSession() {
    on(Ingress.CLOSED, TestIntegration.plain("google").missing("PERENNIAL_GOOGLE_CLIENT_ID"));
    String session = ingress.session("google/acme", null);
    Shown shown = browser.get("/connect/google?session=" + session);

    assertThat(shown.status()).isEqualTo(500);
    assertThat(shown.text())
        .contains("google", "Ask the operator")
        .doesNotContain("PERENNIAL_GOOGLE_CLIENT_ID");
    assertThat(ingress.sessions.find(Secret.of(session))).isPresent();
  }

  @Test
  void aConsentLinkThatCannotBeRenderedKeepsTheSession() {
    on(Ingress.CLOSED, TestIntegration.plain("google").unrenderable());
    String session = ingress.session("google/acme", null);
    Shown shown = browser.get("/connect/google?session=" + session);

    assertThat(shown.status()).isEqualTo(500);
    assertThat(shown.text()).contains("not set up yet").doesNotContain("shop");
    assertThat(ingress.sessions.find(Secret.of(session))).isPresent();
  }

  @Test
  void aGrantWithoutABrowserBeginsWithAClick() {
    on(Ingress.OPEN, TestIntegration.plain("google").withoutBrowser());
    Shown shown = browser.get("/connect/google");

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.text()).contains("without a consent page", "method=\"post\"");
    assertThat(ingress.publisher.events).isEmpty();
  }

  @Test
  void asksToTryAgainWhileRedisIsAway() {
    ingress.pending.down = true;
    Shown shown = browser.get("/connect/google");

    assertThat(shown.status()).isEqualTo(503);
    assertThat(shown.header("Retry-After")).isEqualTo("5");
    assertThat(shown.text()).contains("Try again");
    ingress.pending.down = false;
    assertThat(browser.get("/connect/google").status()).isEqualTo(302);
  }
}
