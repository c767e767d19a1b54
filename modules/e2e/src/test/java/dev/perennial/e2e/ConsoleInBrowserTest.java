package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console in a real browser. Skipped where there is no Chromium. */
@ExtendWith(ServersExtension.class)
class ConsoleInBrowserTest {
  private static final Path IMAGES = Path.of("target/images");

  private static @Nullable ConsoleFixture fixture;
  private static @Nullable Chromium chromium;

  @BeforeAll
  static void start(Servers servers) {
    Optional<Path> binary = Chromium.binary();
    assumeTrue(binary.isPresent(), "no Chromium on the PATH: install Debian's package chromium");
    fixture = new ConsoleFixture(servers);
    chromium = Chromium.start(binary.get());
    for (int i = 0; i < 60; i++) {
      fixture().connect("google/team-" + i + "@example.com", i < 20 ? 0 : 7200 + 60L * i, true);
    }
    for (int i = 0; i < 30; i++) {
      fixture().connect("xero/books-" + i, 40 + i, true);
    }
    for (int i = 0; i < 4; i++) {
      fixture().connect("hubspot/portal-" + (4400 + i), 0, true);
    }
    fixture().connect("slack/T024BE7LD", 0, true);
    fixture().connect("slack/T0911LONG", 86_400, false);
    fixture().connect("xero/audit-2025", 3, false);
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

  @Test
  void thePagesAreFitToBeSeen() throws Exception {
    ChromiumPage page = browser().open(fixture().console(""));
    page.untilText("Sign in to the console");
    shot(page, "console-sign-in", 720, 600);
    signIn(page);
    page.untilText("a new consent");
    Thread.sleep(Integer.getInteger("perennial.visual.wait", 1000));
    shot(page, "console-overview", 1280, 860);
    page.goTo(fixture().console("/connections"));
    shot(page, "console-connections", 1280, 860);
    page.goTo(fixture().console("/connections/slack/T024BE7LD"));
    shot(page, "console-connection", 1280, 860);
    page.goTo(fixture().console("/integrations"));
    shot(page, "console-integrations", 1280, 860);
    page.goTo(fixture().console("/activity"));
    shot(page, "console-activity", 1280, 860);
    assertThat(page.text()).contains("refreshed");
  }

  private static void signIn(ChromiumPage page) {
    page.value("document.querySelector('#key').value = '" + Installed.ADMIN_TOKEN + "'");
    page.click("button[type=submit]");
    page.until("location.pathname === '/console'");
  }

  private static void shot(ChromiumPage page, String name, int width, int height) {
    page.screenshot(IMAGES.resolve(name + ".png"), width, height, false);
    page.screenshot(IMAGES.resolve(name + "-dark.png"), width, height, true);
    page.screenshot(IMAGES.resolve(name + "-narrow.png"), 390, 844, false);
    page.asItWas();
  }

  private static ConsoleFixture fixture() {
    return Objects.requireNonNull(fixture);
  }

  private static Chromium browser() {
    return Objects.requireNonNull(chromium);
  }
}
