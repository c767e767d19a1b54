package dev.perennial.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Reason;
import dev.perennial.ingress.Browser.Shown;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A product that embeds us: its page opens a link in a window and asks how it goes. */
class EmbeddingTest {
  private static final ConnectionKey ACME = new ConnectionKey("google", "acme");
  private static final String ORIGIN = Ingress.RETURN_ORIGIN;

  private final Ingress ingress =
      new Ingress(
          Ingress.CLOSED,
          TestIntegration.plain("google"),
          TestIntegration.plain("other"),
          TestIntegration.plain("machine").withoutBrowser());
  private final Browser browser = new Browser(ingress);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    ingress.close();
  }

  private String session() {
    return ingress.session("google/acme", null);
  }

  private String link(String session, String origin) {
    return "/connect/google?session="
        + session
        + "&popup="
        + URLEncoder.encode(origin, StandardCharsets.UTF_8);
  }

  private HttpResponse<String> ask(String slug, String session, @Nullable String origin) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(ingress.at("/connect/" + slug + "/status"))
            .header("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
            .POST(HttpRequest.BodyPublishers.ofString("session=" + session));
    return send(origin == null ? request : request.header("Origin", origin));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void the_status_is_told_to_a_listed_origin_that_has_the_session() {
    String session = session();
    HttpResponse<String> answer = ask("google", session, ORIGIN);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo("{\"status\":\"open\",\"connection\":\"google/acme\",\"usable\":true}");
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
    assertThat(header(answer, "Vary")).isEqualTo("Origin");
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
  }

  @Test
  void another_origin_learns_nothing() {
    String session = session();
    for (String origin : new String[] {"https://evil.example", "null", ORIGIN + ":8443", "*"}) {
      HttpResponse<String> answer = ask("google", session, origin);
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(answer.body()).doesNotContain("open", "acme");
    }
  }

  @Test
  void without_the_session_there_is_no_status() {
    assertThat(ask("google", "guessed", ORIGIN).statusCode()).isEqualTo(404);
    assertThat(ask("google", "guessed", ORIGIN).body()).isEqualTo("{\"status\":\"unknown\"}");
    assertThat(ask("other", session(), ORIGIN).statusCode()).isEqualTo(404);
    assertThat(ask("google", "", ORIGIN).statusCode()).isEqualTo(400);
    assertThat(ask("google", session(), null).statusCode()).isEqualTo(200);
    assertThat(browser.get("/connect/google/status?session=" + session()).status()).isEqualTo(405);
  }

  @Test
  void redis_away_is_said_to_the_page_too() {
    String session = session();
    ingress.sessions.down = true;
    HttpResponse<String> answer = ask("google", session, ORIGIN);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
    assertThat(header(answer, "Retry-After")).isEqualTo("2");
  }

  @Test
  void it_follows_the_consent_to_its_end() {
    String session = session();
    String state = browser.begin(link(session, ORIGIN));
    String id = ingress.pending.of(state).id();
    assertThat(ask("google", session, ORIGIN).body())
        .contains("\"status\":\"started\"", "\"authorization\":\"" + id + "\"");
    browser.get("/callback/google?code=c-1&state=" + state);
    assertThat(ask("google", session, ORIGIN).body())
        .contains("\"status\":\"started\"", "\"usable\":false");
    ingress.codes.connect(ACME, id);
    assertThat(ask("google", session, ORIGIN).body()).contains("\"status\":\"connected\"");
  }

  @Test
  void a_declined_consent_says_so_and_the_link_may_be_tried_again() {
    String session = session();
    String state = browser.begin(link(session, ORIGIN));
    browser.get("/callback/google?error=access_denied&state=" + state);
    assertThat(ask("google", session, ORIGIN).body())
        .contains("\"status\":\"failed\"", "\"reason\":\"declined\"", "\"usable\":true");
    String again = browser.begin(link(session, ORIGIN));
    assertThat(ask("google", session, ORIGIN).body()).contains("\"status\":\"started\"");
    browser.get("/callback/google?code=c-1&state=" + again);
    ingress.codes.connect(ACME, ingress.pending.of(again).id());
    assertThat(ask("google", session, ORIGIN).body()).contains("\"status\":\"connected\"");
  }

  @Test
  void a_failed_exchange_ends_the_link() {
    String session = session();
    String state = browser.begin(link(session, ORIGIN));
    browser.get("/callback/google?code=c-1&state=" + state);
    ingress.codes.fail(ACME, ingress.pending.of(state).id(), new Reason("refused", "HTTP 400 x"));
    assertThat(ask("google", session, ORIGIN).body())
        .contains("\"status\":\"failed\"", "\"reason\":\"refused\"", "\"usable\":false")
        .doesNotContain("HTTP 400");
    assertThat(browser.get(link(session, ORIGIN)).status()).isEqualTo(403);
  }

  @Test
  void the_window_tells_the_page_that_opened_it_and_closes() {
    String state = browser.begin(link(session(), ORIGIN));
    String done = browser.get("/callback/google?code=c-1&state=" + state).header("Location");
    assertThat(done).contains("&popup=https%3A%2F%2Fapp.example.com");
    ingress.codes.connect(ACME, ingress.pending.of(state).id());

    Shown shown = browser.get(done);
    assertThat(shown.text())
        .contains("data-origin=\"" + ORIGIN + "\"", "data-status=\"connected\"")
        .contains("data-connection=\"google/acme\"", "data-closes=\"true\"")
        .contains("This window closes by itself")
        .doesNotContain("http-equiv");
    assertThat(shown.header("Content-Security-Policy"))
        .contains("script-src 'sha256-", "default-src 'none'")
        .doesNotContain("unsafe");
  }

  @Test
  void a_declined_consent_closes_the_window_and_other_failures_are_left_to_be_read() {
    String state = browser.begin(link(session(), ORIGIN));
    assertThat(browser.get("/callback/google?error=access_denied&state=" + state).text())
        .contains("data-status=\"failed\"", "data-closes=\"true\"");
    String other = browser.begin(link(session(), ORIGIN));
    assertThat(browser.get("/callback/google?error=invalid_scope&state=" + other).text())
        .contains("data-status=\"failed\"", "data-closes=\"false\"", "Close this window");
  }

  @Test
  void with_a_return_address_too_the_window_stays_and_offers_it() {
    String session = ingress.session("google/acme", ORIGIN + "/back");
    String state = browser.begin(link(session, ORIGIN));
    assertThat(browser.get("/callback/google?error=access_denied&state=" + state).text())
        .contains("Back to app.example.com", "data-origin=")
        .doesNotContain("http-equiv");
  }

  @Test
  void an_origin_that_is_not_listed_is_told_nothing() {
    for (String origin : new String[] {"https://evil.example", "*", ORIGIN + "/"}) {
      String state = browser.begin(link(session(), origin));
      assertThat(browser.get("/callback/google?error=access_denied&state=" + state).text())
          .doesNotContain("data-origin", "evil", "<script>");
    }
    assertThat(
            browser
                .get(
                    "/callback/google/done?authorization=abcdefghijklmnopqrstuv&connection=acme"
                        + "&popup=https%3A%2F%2Fevil.example")
                .text())
        .doesNotContain("evil");
  }

  @Test
  void the_script_is_small_and_is_not_sent_twice() {
    Shown shown = browser.get("/connect.js");
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.text()).contains("Perennial.connect").hasSizeLessThan(3 * 1024);
    assertThat(shown.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(shown.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(shown.header("Cache-Control")).isEqualTo("public, max-age=300");
    assertThat(shown.header("Access-Control-Allow-Origin")).isEqualTo("*");

    String tag = shown.header("ETag");
    assertThat(tag).matches("\"[\\w-]{43}\"");
    Shown again = browser.get("/connect.js", "If-None-Match", "\"x\", W/" + tag);
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.text()).isEmpty();
    assertThat(again.header("ETag")).isEqualTo(tag);
    assertThat(browser.get("/connect.js", "If-None-Match", "\"x\"").status()).isEqualTo(200);
  }
}
