package dev.perennial.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A tab or window of {@link Chromium}. */
record ChromiumPage(Chromium browser, String target, String session) {
  private static final JsonMapper JSON = new JsonMapper();

  void goTo(URI page) {
    call("Page.navigate", Map.of("url", page.toString()));
    until("document.readyState === 'complete' && location.href !== 'about:blank'");
  }

  /** The value of an expression; null where it throws. */
  JsonNode value(String expression) {
    return call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true))
        .path("result")
        .path("value");
  }

  /** Waits until an expression is true, over changes of the page. */
  void until(String expression) {
    Await.until(
        expression + " at " + browser.url(this),
        () -> {
          try {
            return value(expression).asBoolean(false);
          } catch (IllegalStateException e) { // the page has just changed
            return false;
          }
        });
  }

  void untilText(String text) {
    until("document.body.innerText.includes(" + JSON.writeValueAsString(text) + ")");
  }

  String text() {
    return value("document.body.innerText").asString();
  }

  /** Moves the mouse there and presses it, as a person does. */
  void click(String selector) {
    String found = "document.querySelector(" + JSON.writeValueAsString(selector) + ")";
    until("document.readyState === 'complete' && !!" + found);
    JsonNode middle =
        value(
            "(() => { const e = "
                + found
                + "; e.scrollIntoView(); const b = e.getBoundingClientRect();"
                + " return [b.x + b.width / 2, b.y + b.height / 2]; })()");
    for (String type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
      call(
          "Input.dispatchMouseEvent",
          Map.of(
              "type",
              type,
              "x",
              middle.get(0).asDouble(),
              "y",
              middle.get(1).asDouble(),
              "button",
              type.equals("mouseMoved") ? "none" : "left",
              "clickCount",
              type.equals("mouseMoved") ? 0 : 1));
    }
  }

  /** Presses a key, by its name in the UI Events standard, e.g. {@code Enter} or {@code /}. */
  void press(String key) {
    Map<String, Integer> codes =
        Map.of("Tab", 9, "Enter", 13, "ArrowUp", 38, "ArrowDown", 40, "/", 191);
    String text = key.length() == 1 ? key : key.equals("Enter") ? "\r" : "";
    for (String type : List.of("keyDown", "keyUp")) {
      call(
          "Input.dispatchKeyEvent",
          Map.of(
              "type",
              type,
              "key",
              key,
              "windowsVirtualKeyCode",
              codes.getOrDefault(key, 0),
              "text",
              type.equals("keyDown") ? text : ""));
    }
  }

  /** Writes where the focus is. */
  void type(String text) {
    call("Input.insertText", Map.of("text", text));
  }

  /** As on a screen of this size. */
  void size(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  void close() {
    browser.call(null, "Target.closeTarget", Map.of("targetId", target));
    Await.until("the window is closed", () -> !browser.isOpen(this));
  }

  /** As a user with these taste and screen would see it, without motion. */
  void look(int width, int height, boolean dark) {
    size(width, height);
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** As it looks. */
  void screenshot(Path file, int width, int height, boolean dark) {
    look(width, height, dark);
    String png = call("Page.captureScreenshot", Map.of("format", "png")).path("data").asString();
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.write(file, Base64.getDecoder().decode(png));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The screen of the browser itself again. */
  void asItWas() {
    call("Emulation.clearDeviceMetricsOverride", Map.of());
    call("Emulation.setEmulatedMedia", Map.of("features", List.of()));
  }

  private JsonNode call(String method, Map<String, ?> parameters) {
    return browser.call(session, method, parameters);
  }
}
