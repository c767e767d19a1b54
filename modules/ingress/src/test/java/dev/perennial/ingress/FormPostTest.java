package dev.perennial.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Secret;
import dev.perennial.domain.event.Event;
import dev.perennial.ingress.Browser.Shown;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FormPostTest {
  private final Ingress ingress = new Ingress(Ingress.OPEN, TestIntegration.plain("google"));
  private final Browser browser = new Browser(ingress);

  @AfterEach
  void stop() {
    ingress.close();
  }

  @Test
  void aPostWithTheCookieIsTaken() {
    String state = browser.begin("/connect/google");
    Shown shown = browser.post("/callback/google", "state=" + state + "&code=c-1&realmId=42");

    assertThat(shown.status()).isEqualTo(303);
    var brought = ingress.open(ingress.publisher.only(Event.CodeReceived.class).sealed());
    assertThat(brought.code()).isEqualTo(Secret.of("c-1"));
    assertThat(brought.redirectParameters()).isEqualTo(Map.of("realmId", "42"));
  }

  @Test
  void aCrossSitePostIsPostedAgainFromOurOwnPage() {
    String state = browser.begin("/connect/google");
    Shown relay = browser.postCrossSite("/callback/google", "state=" + state + "&code=c%2F1%22%3E");

    assertThat(relay.status()).isEqualTo(200);
    assertThat(relay.text())
        .contains(
            "<form id=\"resend\" method=\"post\" action=\"/callback/google\" data-after=\"0\">")
        .contains("name=\"state\" value=\"" + state + "\"")
        .contains("name=\"code\" value=\"c/1&quot;&gt;\"")
        .contains("name=\"perennial_relay\" value=\"1\"")
        .contains("Continue</button>");
    assertThat(relay.header("Content-Security-Policy"))
        .contains("form-action 'self'", "script-src 'sha256-");
    assertThat(ingress.publisher.events).isEmpty();

    Shown shown =
        browser.post("/callback/google", "state=" + state + "&code=c%2F1&perennial_relay=1");
    assertThat(shown.status()).isEqualTo(303);
    var brought = ingress.open(ingress.publisher.only(Event.CodeReceived.class).sealed());
    assertThat(brought.redirectParameters()).isEmpty();
  }

  @Test
  void thereIsOneRoundOnly() {
    String state = browser.begin("/connect/google");
    Shown shown =
        browser.postCrossSite("/callback/google", "state=" + state + "&code=c-1&perennial_relay=1");

    assertThat(shown.status()).isEqualTo(403);
    assertThat(shown.text()).contains("This is not the browser it began in");
  }

  @Test
  void aForgedPostFromAnotherBrowserIsNotTaken() {
    String state = browser.begin("/connect/google");
    Browser victim = new Browser(ingress);
    victim.begin("/connect/google");
    Shown shown = victim.post("/callback/google", "state=" + state + "&code=c-1&perennial_relay=1");

    assertThat(shown.status()).isEqualTo(403);
    assertThat(ingress.publisher.events).isEmpty();
  }

  @Test
  void aDenialComesByPostToo() {
    String state = browser.begin("/connect/google");
    Shown shown = browser.post("/callback/google", "error=access_denied&state=" + state);

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.text()).contains("You declined");
  }

  @Test
  void whileKafkaIsDownTheFormCanBePostedAgain() {
    String state = browser.begin("/connect/google");
    ingress.publisher.down = true;
    Shown shown = browser.post("/callback/google", "state=" + state + "&code=c-1");

    assertThat(shown.status()).isEqualTo(503);
    assertThat(shown.text()).contains("data-after=\"-1\"", "Try again</button>");
    ingress.publisher.down = false;
    assertThat(browser.post("/callback/google", "state=" + state + "&code=c-1").status())
        .isEqualTo(303);
  }

  @Test
  void anOversizeBodyIsRefused() {
    String state = browser.begin("/connect/google");
    Shown shown =
        browser.post("/callback/google", "state=" + state + "&code=" + "c".repeat(200_000));

    assertThat(shown.status()).isEqualTo(413);
    assertThat(ingress.publisher.events).isEmpty();
  }

  @Test
  void whatIsNoFormIsRefused() {
    assertThat(browser.method("POST", "/callback/google").status()).isEqualTo(415);
  }

  @Test
  void anUnreadableBodyIsRefused() {
    assertThat(browser.post("/callback/google", "state=%zz").status()).isEqualTo(400);
  }
}
