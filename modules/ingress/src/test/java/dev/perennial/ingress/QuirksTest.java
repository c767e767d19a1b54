package dev.perennial.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.event.Event;
import dev.perennial.ingress.Browser.Shown;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a definition may ask of a consent beyond the ordinary. */
class QuirksTest {
  private static final QuirkyIntegration PLAIN = QuirkyIntegration.named("p");

  private final Ingress ingress =
      new Ingress(
          Ingress.OPEN,
          PLAIN,
          QuirkyIntegration.named("renamed").withParameters("auth_code", "custom"),
          QuirkyIntegration.named("stateless").withParameters("code", null),
          QuirkyIntegration.named("par").prepared(true),
          QuirkyIntegration.named("device").prepared(false),
          QuirkyIntegration.named("shop").withShop());
  private final Browser browser = new Browser(ingress);

  @AfterEach
  void stop() {
    ingress.close();
  }

  private AuthorizationCode sent() {
    return ingress.open(ingress.publisher.only(Event.CodeReceived.class).sealed());
  }

  @Test
  void the_code_and_the_state_may_come_under_other_names() {
    String state = browser.begin("/connect/renamed");
    Shown shown = browser.get("/callback/renamed?custom=" + state + "&auth_code=c-1&code=other");

    assertThat(shown.status()).isEqualTo(303);
    assertThat(sent().code()).isEqualTo(Secret.of("c-1"));
    assertThat(sent().redirectParameters()).isEqualTo(Map.of("code", "other"));
  }

  @Test
  void where_the_state_never_comes_back_the_browser_alone_binds() {
    browser.get("/connect/stateless?connection=acme");
    assertThat(new Browser(ingress).get("/callback/stateless?code=c-1").status()).isEqualTo(400);
    assertThat(browser.get("/callback/stateless?code=c-1").status()).isEqualTo(303);
    assertThat(sent().code()).isEqualTo(Secret.of("c-1"));
    assertThat(browser.get("/callback/stateless?code=c-1").status()).isEqualTo(409);
  }

  @Test
  void a_second_consent_of_the_same_browser_is_good_again_without_a_state() {
    browser.get("/connect/stateless?connection=acme");
    browser.get("/callback/stateless?code=c-1");
    browser.get("/connect/stateless?connection=other");
    assertThat(browser.get("/callback/stateless?code=c-2").status()).isEqualTo(303);
  }

  @Test
  void what_is_prepared_goes_into_the_link_and_along_with_the_code() {
    ingress.calls.prepared = Map.of("request_uri", "urn:x:1");
    Shown link = browser.get("/connect/par");

    assertThat(link.header("Location")).contains("request_uri=urn:x:1");
    assertThat(ingress.calls.asked.getFirst().state()).isNotNull();
    assertThat(ingress.calls.asked.getFirst().codeChallenge()).isNotNull();
    String state = link.header("Location").replaceAll(".*[?&]state=([^&]*).*", "$1");
    browser.get("/callback/par?code=c-1&state=" + state);
    assertThat(sent().preparation().prepared()).isEqualTo(Map.of("request_uri", "urn:x:1"));
    assertThat(sent().preparation().dpopKey()).isNotNull();
  }

  @Test
  void a_provider_that_cannot_be_asked_costs_no_link() {
    ingress.calls.down = true;
    Shown shown = browser.get("/connect/par");
    assertThat(shown.status()).isEqualTo(502);
    assertThat(shown.text()).contains("Try again").doesNotContain("HTTP 500");
    assertThat(ingress.pending.size()).isZero();
  }

  @Test
  void values_of_the_connection_go_into_the_link_and_along_with_the_code() {
    Shown link = browser.get("/connect/shop?SHOP=acme&OTHER=evil");
    assertThat(link.header("Location")).contains("shop=acme");
    String state = link.header("Location").replaceAll(".*[?&]state=([^&]*).*", "$1");
    browser.get("/callback/shop?code=c-1&state=" + state);
    assertThat(sent().preparation())
        .isEqualTo(new Preparation(Map.of("SHOP", "acme"), Map.of(), null, false, null));
  }

  @Test
  void a_link_without_the_values_that_are_needed_begins_nothing() {
    Shown shown = browser.get("/connect/shop");
    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.text()).contains("lacks something");
    assertThat(ingress.pending.size()).isZero();
  }

  @Test
  void an_answer_of_another_authorization_server_is_a_mix_up() {
    ingress.calls.metadata = Map.of("issuer", "https://as.example");
    String state = browser.begin("/connect/p");
    Shown shown = browser.get("/callback/p?code=c-1&iss=https://evil.example&state=" + state);
    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.text()).contains("not from the provider");
    assertThat(ingress.publisher.events).isEmpty();
    assertThat(browser.get("/callback/p?code=c-1&iss=https://as.example&state=" + state).status())
        .isEqualTo(303);
  }

  @Test
  void an_answer_that_must_name_its_issuer_and_does_not_is_refused() {
    ingress.calls.metadata =
        Map.of(
            "issuer", "https://as.example", "authorization_response_iss_parameter_supported", true);
    String state = browser.begin("/connect/p");
    assertThat(browser.get("/callback/p?code=c-1&state=" + state).status()).isEqualTo(400);
    assertThat(browser.get("/callback/p?error=access_denied&state=" + state).status())
        .isEqualTo(400);
    assertThat(ingress.publisher.events).isEmpty();
  }

  @Test
  void a_link_is_good_for_one_consent() {
    ingress.close();
    Ingress closed = new Ingress(Ingress.CLOSED, PLAIN);
    try {
      String path = "/connect/p?session=" + closed.session("p/acme", null);
      Browser one = new Browser(closed);
      Browser two = new Browser(closed);
      String first = one.begin(path);
      String second = two.begin(path);
      assertThat(one.get("/callback/p?code=c-1&state=" + first).status()).isEqualTo(303);
      assertThat(two.get("/callback/p?code=c-2&state=" + second).status()).isEqualTo(403);
      closed.publisher.only(Event.CodeReceived.class);
    } finally {
      closed.close();
    }
  }

  @Test
  void a_consent_that_could_not_be_said_may_come_again_with_its_link() {
    ingress.close();
    Ingress closed = new Ingress(Ingress.CLOSED, PLAIN);
    try {
      Browser one = new Browser(closed);
      String state = one.begin("/connect/p?session=" + closed.session("p/acme", null));
      closed.publisher.down = true;
      assertThat(one.get("/callback/p?code=c-1&state=" + state).status()).isEqualTo(503);
      closed.publisher.down = false;
      assertThat(one.get("/callback/p?code=c-1&state=" + state).status()).isEqualTo(303);
    } finally {
      closed.close();
    }
  }

  @Test
  void a_device_grant_shows_the_code_and_is_polled_for() {
    ingress.calls.prepared =
        Map.of(
            "device_code",
            "secret-of-the-device",
            "user_code",
            "WDJB-MJHT",
            "verification_uri",
            "https://provider.example/device");
    Shown shown = browser.post("/connect/device", "connection=acme");

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.text())
        .contains("WDJB-MJHT", "https://provider.example/device", "/callback/device/done?")
        .doesNotContain("secret-of-the-device");
    assertThat(sent().code()).isNull();
    assertThat(sent().preparation().prepared().get("device_code"))
        .isEqualTo("secret-of-the-device");
    assertThat(ingress.publisher.only(Event.CodeReceived.class).key().connection())
        .isEqualTo("acme");
  }

  @Test
  void a_device_page_leads_nowhere_but_to_https() {
    ingress.calls.prepared = Map.of("user_code", "A", "verification_uri", "javascript:alert(1)");
    assertThat(browser.post("/connect/device", "").status()).isEqualTo(502);
    assertThat(ingress.publisher.events).isEmpty();
  }

  @Test
  void a_post_begins_no_consent_of_a_browser() {
    assertThat(browser.post("/connect/p", "connection=acme").status()).isEqualTo(405);
    assertThat(browser.method("POST", "/connect/device").status()).isEqualTo(415);
  }
}
