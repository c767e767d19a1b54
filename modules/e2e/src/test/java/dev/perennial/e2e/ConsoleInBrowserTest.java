package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.perennial.domain.ConnectionKey;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The console in a real browser, on a whole installation. Skipped where there is no Chromium. Its
 * pictures lie in {@code target/images}; those of docs/images are copies.
 */
@ExtendWith(ServersExtension.class)
class ConsoleInBrowserTest {
  private static final Path IMAGES = Path.of("target/images");
  private static final int WIDTH = 1280;
  private static final int HEIGHT = 860;

  private static @Nullable ConsoleFixture fixture;
  private static @Nullable Chromium chromium;
  private static @Nullable ChromiumPage signedIn;

  @BeforeAll
  static void start(Servers servers) {
    Optional<Path> binary = Chromium.binary();
    assumeTrue(binary.isPresent(), "no Chromium on the PATH: install Debian's package chromium");
    fixture = new ConsoleFixture(servers);
    fixture().fill();
    chromium = Chromium.start(binary.get());
    signedIn = browser().open(fixture().console(""));
    signIn(page());
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
    if (fixture != null) {
      fixture.close();
    }
  }

  @BeforeEach
  void listen() {
    page().asItWas();
  }

  private static void signIn(ChromiumPage page) {
    signIn(page, Installed.ADMIN_TOKEN);
    page.until("location.pathname === '/console' && !!document.querySelector('.top')");
  }

  private static void signIn(ChromiumPage page, String key) {
    page.untilText("Sign in to the console");
    page.value("document.querySelector('#key').value = '" + key + "'");
    page.click("button[type=submit]");
  }

  @Test
  void theOverviewCountsAndIsRenewedByItself() {
    page().goTo(fixture().console(""));
    page().untilText("need a new consent.");
    page().untilText("failing");
    page().until("document.querySelectorAll('.bar rect').length > 0");
    String before = page().value("document.querySelector('.lead time').dateTime").asString();
    page().until("document.querySelector('.lead time').dateTime !== '" + before + "'");
    page().until("document.querySelector('.histogram .fill-good[width=\"100\"]') !== null");
    assertThat(
            page().value("document.querySelectorAll('svg[role=img][aria-label]').length").asInt())
        .isEqualTo(1);
    shot("console-overview");
  }

  @Test
  void theSignInPageAsksForAKey() {
    ChromiumPage other = browser().openElsewhere(fixture().console("/integrations"));
    other.untilText("Sign in to the console");
    assertThat(other.value("document.activeElement.id").asString()).isEqualTo("key");
    other.screenshot(IMAGES.resolve("console-sign-in.png"), 720, 600, false);
    other.screenshot(IMAGES.resolve("console-sign-in-dark.png"), 720, 600, true);
    accessible(other, "sign-in");
    other.value("document.querySelector('#key').value = 'not-a-key'");
    other.click("button[type=submit]");
    other.until("document.querySelector('#key[aria-invalid]') !== null");
    accessible(other, "sign-in with a wrong key");
    other.value("document.querySelector('#key').value = '" + Installed.ADMIN_TOKEN + "'");
    other.click("button[type=submit]");
    other.until("location.pathname === '/console/integrations'");
    assertThat(other.value("document.cookie").asString()).isEmpty(); // not for scripts
    other.click(".me summary");
    other.click(".sheet button");
    other.untilText("Sign in to the console");
    other.close();
  }

  /** Whether a page asks again by itself or listens. */
  @Test
  void aRevokedKeyEndsItsSessionWhileOneLooks() {
    String key = fixture().newKey();
    ChromiumPage overview = browser().openElsewhere(fixture().console(""));
    ChromiumPage activity = browser().openElsewhere(fixture().console("/activity"));
    signIn(overview, key);
    overview.untilText("need a new consent.");
    assertThat(overview.value("document.querySelector('.sheet .name').textContent").asString())
        .contains("visitor");
    signIn(activity, key);
    activity.until("document.body.dataset.linked === 'yes'");
    fixture().revokeKeys();
    overview.untilText("Sign in to the console");
    activity.untilText("Sign in to the console");
    signIn(activity, key);
    activity.until("document.querySelector('#key[aria-invalid]') !== null");
    overview.close();
    activity.close();
  }

  @Test
  void connectionsAreFoundWhileOneTypes() {
    page().goTo(fixture().console("/connections"));
    page().until("document.querySelectorAll('#results tbody tr').length >= 50");
    shot("console-connections");
    page().goTo(fixture().console("/connections"));
    page().press("/");
    page().until("document.activeElement.id === 'q'");
    page().type("portal-44");
    page().until("document.querySelectorAll('#results tbody tr').length === 4");
    page().until("location.search === '?q=portal-44'");
    assertThat(page().value("document.activeElement.id").asString()).isEqualTo("q");
    page().type("xyz");
    page().untilText("No connection is like that.");
  }

  @Test
  void arrowsGoThroughTheRowsAndTheFirstStopIsASkip() {
    page().goTo(fixture().console("/connections?q=portal-"));
    page().press("Tab");
    assertThat(page().value("document.activeElement.className").asString()).isEqualTo("skip");
    page().value("document.querySelector('#results tbody .key a').focus()");
    String first = page().value("document.activeElement.href").asString();
    page().press("ArrowDown");
    page().until("document.activeElement.href !== '" + first + "'");
    page().press("ArrowUp");
    page().until("document.activeElement.href === '" + first + "'");
    page().press("Enter");
    page().until("document.querySelector('h1.key') !== null");
  }

  @Test
  void oneConnectionSaysHowItStandsAndWhatToDo() {
    page().goTo(fixture().console("/connections/slack/T024BE7LD"));
    page().untilText("only a new consent does");
    page().untilText("HTTP 400 invalid_grant");
    shot("console-connection");
  }

  @Test
  void aRefreshIsFollowedLive() {
    ConnectionKey key = ConnectionKey.parse("xero/followed");
    fixture().connect(key.toString(), 7200, true);
    page().goTo(fixture().console("/connections/xero/followed"));
    page().untilText("version 1");
    page().until("document.body.dataset.linked === 'yes'");
    page().click("form[action$='/refresh'] button");
    page().untilText("A refresh is asked for");
    page().untilText("Version 2: refreshed.");
    page().until("document.querySelectorAll('#timeline li.good').length === 2");
  }

  @Test
  void aReconnectLinkIsMadeAndLeadsToTheConsent() {
    page().goTo(fixture().console("/connections/google/team-30@example.com"));
    page().click("form[action$='/reconnect'] button");
    page().untilText("A link for one consent");
    shot("console-reconnect");
    String link = page().value("document.querySelector('#connect-link').value").asString();
    assertThat(link).startsWith(fixture().installed.config().publicListener().url() + "/connect/");
    page().click("[data-copy]");
    page().untilText("Cop"); // Copied, or what to press
  }

  @Test
  void deletingWantsTheIdTyped() {
    fixture().connect("xero/gone", 7200, true);
    page().goTo(fixture().console("/connections/xero/gone"));
    page().click(".danger summary");
    String button = "document.querySelector('.danger button')";
    assertThat(page().value(button + ".disabled").asBoolean()).isTrue();
    page().click("#confirm");
    page().type("gone");
    page().until("!" + button + ".disabled");
    page().click(".danger button");
    page().untilText("Its tokens are forgotten");
    page().until("document.querySelector('h1 + .badge').innerText === 'deleted'");
  }

  @Test
  void integrationsSayHowTheyFare() {
    page().goTo(fixture().console("/integrations"));
    page().untilText("PERENNIAL_ZOOM_CLIENT_SECRET");
    page().untilText("refreshes failed");
    shot("console-integrations");
  }

  @Test
  void changesComeByThemselves() {
    page().goTo(fixture().console("/activity"));
    page().until("document.body.dataset.linked === 'yes'");
    fixture().connect("google/just-now", 7200, true);
    page().until("document.querySelector('#feed').innerText.includes('just-now')"); // others follow
    page().until("document.querySelector('#feed').rows.length <= 100");
    shot("console-activity");
  }

  /** The page's own protection: a script that somebody got into it would not run. */
  @Test
  void noScriptButOursRuns() {
    page().goTo(fixture().console(""));
    page()
        .value(
            "(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
                + " try { document.body.append(s); } catch (e) { } })()");
    page()
        .value(
            "(() => { try { document.body.innerHTML = '<img src=x onerror=\"window.ran = 1\">'; }"
                + " catch (e) { window.refused = e.name; } })()");
    assertThat(page().value("window.refused").asString()).isEqualTo("TypeError");
    assertThat(page().value("typeof window.ran").asString()).isEqualTo("undefined");
  }

  /** From the same site (a port is none of its parts), so the browser sends the cookie along. */
  @Test
  void aFormOfAnotherOriginDoesNothingEvenWithTheTokenOfTheSession() {
    fixture().connect("xero/kept", 7200, true);
    page().goTo(fixture().console("/connections/xero/kept"));
    String token =
        page().value("document.querySelector('.danger input[name=token]').value").asString();
    String action = fixture().console("/connections/xero/kept/delete").toString();
    String form =
        """
        <form method=post action='%s'><input name=token value='%s'>
        <input name=confirm value=kept><button>Win a prize</button></form>
        """
            .formatted(action, token);
    try (Site evil = new Site().html("/prize", form)) {
      page().goTo(URI.create(evil.at("/prize").toString().replace("localhost", "127.0.0.1")));
      page().click("button");
      page().untilText("This did not come from a page of the console");
    }
    page().goTo(fixture().console("/connections/xero/kept"));
    page().until("document.querySelector('h1 + .badge').innerText === 'active'");
  }

  @Test
  void markupThatAProviderSaysIsTextOnThePage() {
    String markup = "<img src=x onerror='window.ran=1'><svg onload='window.ran=1'>";
    fixture().connectEvil("xero/evil", markup);
    page().goTo(fixture().console("/connections/xero/evil"));
    page().untilText(markup);
    assertThat(page().value("document.querySelectorAll('img').length").asInt()).isZero();
    assertThat(page().value("typeof window.ran").asString()).isEqualTo("undefined");
    page().goTo(fixture().console("/connections?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"));
    page().untilText("No connection is like that.");
    assertThat(page().value("document.querySelectorAll('img').length").asInt()).isZero();
  }

  @Test
  void nothingOverflowsANarrowScreenAndEveryFieldHasAName() {
    for (String path :
        new String[] {
          "", "/connections", "/connections/slack/T024BE7LD", "/integrations", "/activity"
        }) {
      page().goTo(fixture().console(path));
      page().size(360, 740);
      assertThat(
              page().value("document.documentElement.scrollWidth <= window.innerWidth").asBoolean())
          .as(path)
          .isTrue();
      assertThat(page().value(UNNAMED).asInt()).as(path).isZero();
      page().asItWas();
    }
  }

  /** Those of which there are pictures are looked at where these are taken. */
  @Test
  void everyOtherPageIsAccessibleToo() {
    for (String path :
        new String[] {
          "/connections?q=nothing-like-that",
          "/connections?status=reauthorization_required",
          "/connections/google/team-31@example.com",
          "/connections/hubspot/portal-4400",
          "/connections/google/nobody",
          "/no-such-page"
        }) {
      page().goTo(fixture().console(path));
      page().value("document.querySelectorAll('details').forEach(d => { d.open = true; })");
      accessible(page(), path);
    }
    page().goTo(fixture().console("/integrations"));
    page().value("document.querySelectorAll('details').forEach(d => { d.open = true; })");
    accessible(page(), "integrations, unfolded");
  }

  /** Fields without a label, pictures without a text, tables without a caption, ids twice. */
  private static final String UNNAMED =
      """
      [...document.querySelectorAll('input:not([type=hidden]), select')]
          .filter(e => !e.labels.length && !e.getAttribute('aria-label')).length
        + [...document.querySelectorAll('svg')]
          .filter(e => !e.getAttribute('aria-label') && e.getAttribute('aria-hidden') !== 'true').length
        + [...document.querySelectorAll('table')].filter(e => !e.caption).length
        + [...document.querySelectorAll('button, a, summary')].filter(e =>
            e.checkVisibility() && !e.innerText.trim() && !e.getAttribute('aria-label')).length
        + ([...document.querySelectorAll('[id]')].length
          - new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size)
        + (document.querySelectorAll('h1').length - 1)
      """;

  private static void shot(String name) {
    page().screenshot(IMAGES.resolve(name + ".png"), WIDTH, HEIGHT, false);
    page().screenshot(IMAGES.resolve(name + "-dark.png"), WIDTH, HEIGHT, true);
    page().screenshot(IMAGES.resolve(name + "-narrow.png"), 390, 844, false);
    accessible(page(), name);
    page().asItWas();
  }

  /** Wide and narrow, light and dark. */
  private static void accessible(ChromiumPage page, String name) {
    for (int width : new int[] {WIDTH, 390}) {
      for (boolean dark : new boolean[] {false, true}) {
        page.look(width, HEIGHT, dark);
        Axe.check(page, name + " of width " + width + (dark ? ", dark" : ", light"));
      }
    }
    page.asItWas();
  }

  private static ChromiumPage page() {
    return Objects.requireNonNull(signedIn);
  }

  private static ConsoleFixture fixture() {
    return Objects.requireNonNull(fixture);
  }

  private static Chromium browser() {
    return Objects.requireNonNull(chromium);
  }
}
