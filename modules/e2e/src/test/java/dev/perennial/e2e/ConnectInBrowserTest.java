package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.devstack.provider.HttpRequest;
import dev.perennial.devstack.provider.HttpResponse;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderProfile.Consent;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.devstack.provider.SimulatedProvider;
import dev.perennial.domain.ConnectionKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * The page of docs/connect.md, on an origin of its own, in a real browser with a provider's pages.
 * Skipped where there is no Chromium.
 */
@ExtendWith(ServersExtension.class)
class ConnectInBrowserTest {
  private static final Path PAGE = Path.of("../../docs/connect.md");
  private static final Path IMAGES = Path.of("target/images");
  private static final AtomicBoolean APPROVED = new AtomicBoolean();

  private static @Nullable ProviderSimulator simulator;
  private static @Nullable Site cutting;
  private static @Nullable Site deviceProvider;
  private static @Nullable Site product;
  private static @Nullable Installed installed;
  private static @Nullable AdminApi admin;
  private static @Nullable Chromium chromium;
  private static Map<String, Object> wanted = Map.of();
  private static String lastSession = "";

  @BeforeAll
  static void start(Servers servers) throws IOException {
    Optional<Path> binary = Chromium.binary();
    assumeTrue(binary.isPresent(), "no Chromium on the PATH: install Debian's package chromium");
    simulator =
        ProviderSimulator.start(
            ProviderProfile.named("asking")
                .client("asking-client", "asking-secret-4d1e")
                .consent(Consent.PAGE)
                .build());
    SimulatedProvider provider = simulator.provider("asking");
    cutting = cutting(provider);
    deviceProvider = deviceProvider();
    product = new Site();
    Installed.Builder builder =
        Installed.on(servers)
            .judgedBy(simulator)
            .flag("connect.return-origins", product.origin())
            .definition("asking", Definitions.of(provider))
            .definition(
                "cutting",
                Definitions.of(cutting.at("/authorize"), provider.tokenUri(), "mail.read"))
            .definition("television", television(deviceProvider))
            .definition("machine", machine(deviceProvider));
    for (String slug : List.of("ASKING", "CUTTING")) {
      builder.variable("PERENNIAL_" + slug + "_CLIENT_ID", "asking-client");
      builder.variable("PERENNIAL_" + slug + "_CLIENT_SECRET", "asking-secret-4d1e");
    }
    installed = builder.build();
    Node node = installed.node(EnumSet.allOf(Role.class));
    admin = new AdminApi(node.adminPort());
    product.html("/", example(installed.config().publicListener().url().toString()));
    product.page("/calendar/connect-link", _ -> link());
    chromium = Chromium.start(binary.get());
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable one :
        new AutoCloseable[] {
          chromium, admin, installed, product, deviceProvider, cutting, simulator
        }) {
      if (one != null) {
        one.close();
      }
    }
  }

  @BeforeEach
  void reset() {
    APPROVED.set(false);
  }

  @Test
  void aConsentIsTakenInAWindowAndThePageHearsOfIt() {
    ChromiumPage page = onPage("asking/taken");
    page.click("#connect");
    ChromiumPage window = browser().openedBy(page);
    window.untilText("asks for access");
    assertThat(session().path("status").asString()).isEqualTo("started");
    window.click("#allow");
    page.untilText("Connected: asking/taken.");
    Await.until("the window closes by itself", () -> !browser().isOpen(window));
    assertThat(session().path("status").asString()).isEqualTo("connected");
    assertThat(
            api().credentials(ConnectionKey.parse("asking/taken")).path("access_token").asString())
        .isNotEmpty();
  }

  @Test
  void aDeclinedConsentIsHeardOfAndMayBeTriedAgain() {
    ChromiumPage page = onPage("asking/declined");
    page.click("#connect");
    ChromiumPage window = browser().openedBy(page);
    window.click("#deny");
    page.untilText("You declined.");
    Await.until("the window closes by itself", () -> !browser().isOpen(window));
    assertThat(session().path("status").asString()).isEqualTo("failed");
    assertThat(session().path("reason").asString()).isEqualTo("declined");
    assertThat(session().path("usable").asBoolean()).isTrue();
  }

  @Test
  void aLinkWhoseConsentWasDeclinedConnectsTheSecondTime() {
    ChromiumPage page = onPage("asking/again");
    page.value("(() => { window.link = connectUrl(); window.connectUrl = () => window.link; })()");
    page.click("#connect");
    browser().openedBy(page).click("#deny");
    page.untilText("You declined.");
    Await.until("the first window is closed", () -> browser().openedCount(page) == 0);
    page.click("#connect");
    ChromiumPage second = browser().openedBy(page);
    second.untilText("asks for access");
    page.until(looks(4));
    second.click("#allow");
    page.untilText("Connected: asking/again.");
  }

  @Test
  void aClosedWindowIsHeardOf() {
    ChromiumPage page = onPage("asking/closed");
    page.click("#connect");
    ChromiumPage window = browser().openedBy(page);
    window.untilText("asks for access");
    window.close();
    page.untilText("You closed the window.");
  }

  /** Its pages set Cross-Origin-Opener-Policy: the window has no opener any more. */
  @Test
  void aProviderThatCutsTheWindowOffDoesNotHideTheOutcome() {
    ChromiumPage page = onPage("cutting/acme");
    page.value("document.hasFocus = () => false"); // without a screen every page has it
    page.click("#connect");
    ChromiumPage window = browser().openedBy(page);
    window.untilText("asks for access");
    assertThat(window.value("window.opener === null").asBoolean()).isTrue();
    page.until(looks(6));
    assertThat(page.text()).contains("started").doesNotContain("closed");
    window.click("#allow");
    page.untilText("Connected: cutting/acme.");
    window.untilText("Connected");
  }

  @Test
  void aBlockedWindowLeadsToThePlainLink() {
    ChromiumPage page = onPage("asking/blocked");
    page.value("void connect()"); // nobody has clicked
    page.untilText("asks for access");
    page.click("#allow");
    page.untilText("asking/blocked is connected");
  }

  @Test
  void aSignalEndsTheWaitAndClosesTheWindow() {
    ChromiumPage page = onPage("asking/aborted");
    page.value(
        """
        (() => {
          const button = document.getElementById('connect').cloneNode(true);
          document.getElementById('connect').replaceWith(button);
          window.stop = new AbortController();
          button.addEventListener('click', () => Perennial.connect(connectUrl(), { signal: stop.signal })
            .catch((error) => say('ended: ' + error.name)));
        })()
        """);
    page.click("#connect");
    ChromiumPage window = browser().openedBy(page);
    window.untilText("asks for access");
    page.value("stop.abort()");
    page.untilText("ended: AbortError");
    Await.until("the window is closed", () -> !browser().isOpen(window));
  }

  @Test
  void moreScopesAreAskedForAndTheGrantedOnesAreKept() {
    ConnectionKey key = ConnectionKey.parse("asking/scopes");
    ChromiumPage page =
        onPage("asking/scopes", Map.of("scopes", List.of("mail.send", "mail.read")));
    page.click("#connect");
    ChromiumPage window = browser().openedBy(page);
    window.untilText("mail.send");
    window.click("#allow");
    page.untilText("Connected: asking/scopes.");
    assertThat(api().connection(key).path("scope").asString()).isEqualTo("mail.read mail.send");
  }

  @Test
  void aDeviceGrantShowsItsCodeAndThePageThatFollowsSaysHowItWent() {
    ChromiumPage page = browser().open(link("television/living-room"));
    shot(page, "connect-button");
    page.click("button");
    page.untilText("WDJB-MJHT");
    shot(page, "device-code");
    page.click("a.button");
    ChromiumPage provider = browser().openedAt(deviceSite().origin());
    provider.click("#approve");
    provider.untilText("Approved");
    page.untilText("television/living-room is connected");
  }

  @Test
  void thePagesAreFitToBeSeen() {
    ChromiumPage connected = browser().open(link("asking/seen"));
    connected.click("#allow");
    connected.untilText("asking/seen is connected");
    shot(connected, "connected");
    ChromiumPage declined = browser().open(link("asking/unseen"));
    declined.click("#deny");
    declined.untilText("You declined");
    shot(declined, "declined");
    ChromiumPage refused = browser().open(link("machine/refused"));
    refused.click("button");
    refused.untilText("The provider does not accept our request");
    shot(refused, "failed");
    ChromiumPage elsewhere = browser().open(link("asking/elsewhere"));
    elsewhere.untilText("asks for access");
    String back = elsewhere.value("document.querySelector('#allow').href").asString();
    ChromiumPage other = browser().openElsewhere(URI.create(back));
    other.untilText("This is not the browser it began in");
    shot(other, "wrong-browser");
  }

  /** What else somebody may be shown, without having done much. */
  @Test
  void everyPublicPageIsAccessible() {
    for (String path :
        new String[] {
          "/",
          "/no-such-page",
          "/connect/asking",
          "/connect/nobody",
          "/connect/asking?session=used-up",
          "/callback/asking",
          "/callback/asking?state=unknown&code=c",
          "/callback/asking/done"
        }) {
      String url = Objects.requireNonNull(installed).config().publicListener().url() + path;
      ChromiumPage page = browser().open(URI.create(url));
      page.until("document.readyState === 'complete' && document.querySelector('h1') !== null");
      accessible(page, path);
    }
  }

  private static void shot(ChromiumPage page, String name) {
    page.screenshot(IMAGES.resolve(name + ".png"), 720, 680, false);
    page.screenshot(IMAGES.resolve(name + "-dark.png"), 720, 680, true);
    page.screenshot(IMAGES.resolve(name + "-narrow.png"), 360, 680, false);
    page.asItWas();
    accessible(page, name);
  }

  /** Wide and narrow, light and dark. */
  private static void accessible(ChromiumPage page, String name) {
    for (int width : new int[] {720, 360}) {
      for (boolean dark : new boolean[] {false, true}) {
        page.look(width, 680, dark);
        Axe.check(page, name + " of width " + width + (dark ? ", dark" : ", light"));
      }
    }
    page.asItWas();
  }

  /** So many times the page has asked how it goes. */
  private static String looks(int times) {
    return "performance.getEntriesByType('resource').filter(e => e.name.endsWith('/status')).length"
        + " >= "
        + times;
  }

  private ChromiumPage onPage(String key) {
    return onPage(key, Map.of());
  }

  private ChromiumPage onPage(String key, Map<String, ?> more) {
    wanted = session(key, more);
    return browser().open(Objects.requireNonNull(product).at("/"));
  }

  private static URI link(String key) {
    return URI.create(api().newSession(session(key, Map.of())).path("connect_url").asString());
  }

  private static Map<String, Object> session(String key, Map<String, ?> more) {
    Map<String, Object> session = new LinkedHashMap<>(more);
    session.put("integration", ConnectionKey.parse(key).integration());
    session.put("connection", ConnectionKey.parse(key).connection());
    return session;
  }

  private static HttpResponse link() {
    JsonNode made = api().newSession(wanted);
    lastSession = made.path("id").asString();
    return HttpResponse.of(200, "application/json", made.toString());
  }

  private static JsonNode session() {
    return api().session(lastSession);
  }

  private static AdminApi api() {
    return Objects.requireNonNull(admin);
  }

  private static Chromium browser() {
    return Objects.requireNonNull(chromium);
  }

  private static Site deviceSite() {
    return Objects.requireNonNull(deviceProvider);
  }

  /** The page of docs/connect.md, as it stands there but for our address. */
  private static String example(String publicUrl) throws IOException {
    String text = Files.readString(PAGE);
    int start = text.indexOf("```html\n", text.indexOf("<!-- tested -->")) + "```html\n".length();
    String html = text.substring(start, text.indexOf("```", start));
    assertThat(html).contains("https://connect.example.com/connect.js");
    return html.replace("https://connect.example.com", publicUrl);
  }

  private static Site cutting(SimulatedProvider provider) {
    return new Site().page("/authorize", request -> forwarded(provider, request));
  }

  private static HttpResponse forwarded(SimulatedProvider provider, HttpRequest request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      java.net.http.HttpResponse<String> answer =
          client.send(
              java.net.http.HttpRequest.newBuilder(
                      URI.create(provider.authorizeUri() + "?" + request.query()))
                  .build(),
              BodyHandlers.ofString());
      HttpResponse passed =
          answer.statusCode() == 302
              ? HttpResponse.redirect(answer.headers().firstValue("Location").orElseThrow())
              : HttpResponse.of(answer.statusCode(), "text/html; charset=utf-8", answer.body());
      return passed.with("Cross-Origin-Opener-Policy", "same-origin");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** RFC 8628 with a page on which somebody approves. */
  private static Site deviceProvider() {
    Site site = new Site();
    return site.json(
            "/device",
            """
            {"device_code": "device-code-of-the-test", "user_code": "WDJB-MJHT", "expires_in": 600,
             "verification_uri": "%s", "interval": 1}
            """
                .formatted(site.at("/activate")))
        .page(
            "/token",
            _ ->
                APPROVED.get()
                    ? HttpResponse.of(
                        200,
                        "application/json",
                        "{\"access_token\": \"device-token\", \"expires_in\": 3600}")
                    : HttpResponse.of(
                        400, "application/json", "{\"error\": \"authorization_pending\"}"))
        .page(
            "/refusing",
            _ -> HttpResponse.of(400, "application/json", "{\"error\": \"invalid_client\"}"))
        .html(
            "/activate", "<!doctype html><title>TV</title><a id=approve href=/approve>Approve</a>")
        .page(
            "/approve",
            _ -> {
              APPROVED.set(true);
              return HttpResponse.of(200, "text/html", "<!doctype html><p>Approved</p>");
            });
  }

  private static String television(Site provider) {
    return """
    {"prepare": {"url": "%s", "data": {"client_id": "tv"}},
     "access_token": {"url": "%s", "data": {
       "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
       "device_code": "{{ prepare.device_code }}", "client_id": "tv"}}}
    """
        .formatted(provider.at("/device"), provider.at("/token"));
  }

  private static String machine(Site provider) {
    return """
    {"access_token": {"url": "%s", "data": {"grant_type": "client_credentials", "client_id": "m"}}}
    """
        .formatted(provider.at("/refusing"));
  }
}
