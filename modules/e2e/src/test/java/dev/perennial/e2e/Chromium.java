package dev.perennial.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The machine's Chromium without a screen, spoken to by the DevTools protocol over the JDK's own
 * WebSocket. Thread-safe.
 */
final class Chromium implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private final Path profile;
  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger last = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final Map<String, Target> targets = new ConcurrentHashMap<>();

  /** A tab or window. */
  record Target(String id, String type, String url, @Nullable String opener) {}

  private Chromium(Path binary) {
    try {
      this.profile = Files.createTempDirectory("perennial-chromium-");
      this.process =
          new ProcessBuilder(
                  binary.toString(),
                  "--headless",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-quic",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--disable-dev-shm-usage",
                  "--hide-scrollbars",
                  "--window-size=1280,900",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile,
                  "about:blank")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      this.socket = connect();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    call(null, "Target.setDiscoverTargets", Map.of("discover", true));
  }

  /** Where it is installed; empty where it is not. */
  static Optional<Path> binary() {
    return Arrays.stream(
            Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator, -1))
        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Chromium start(Path binary) {
    return new Chromium(binary);
  }

  private WebSocket connect() {
    Path port = profile.resolve("DevToolsActivePort");
    Await.until("Chromium listens", () -> lines(port).size() > 1);
    List<String> lines = lines(port);
    URI uri = URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
    return client.newWebSocketBuilder().buildAsync(uri, new Answers()).join();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new tab with this page in it, loaded. */
  ChromiumPage open(URI page) {
    JsonNode made = call(null, "Target.createTarget", Map.of("url", "about:blank"));
    ChromiumPage opened = attach(made.path("targetId").asString());
    opened.goTo(page);
    return opened;
  }

  /** The one window that a page has opened; waits for it. */
  ChromiumPage openedBy(ChromiumPage page) {
    Await.until("a window opened by the page", () -> opened(page).findAny().isPresent());
    return attach(opened(page).findAny().orElseThrow().id());
  }

  private Stream<Target> opened(ChromiumPage page) {
    return targets.values().stream()
        .filter(target -> target.type().equals("page") && page.target().equals(target.opener()));
  }

  /** How many of the windows that a page has opened are open. */
  long openedCount(ChromiumPage page) {
    return opened(page).count();
  }

  /** A tab that shows something of this origin; waits for it. */
  ChromiumPage openedAt(String origin) {
    Await.until("a tab at " + origin, () -> at(origin).findAny().isPresent());
    return attach(at(origin).findAny().orElseThrow().id());
  }

  private Stream<Target> at(String origin) {
    return targets.values().stream()
        .filter(target -> target.type().equals("page") && target.url().startsWith(origin));
  }

  /** The same in another browser: with other cookies. */
  ChromiumPage openElsewhere(URI page) {
    String context =
        call(null, "Target.createBrowserContext", Map.of()).path("browserContextId").asString();
    JsonNode made =
        call(
            null, "Target.createTarget", Map.of("url", "about:blank", "browserContextId", context));
    ChromiumPage opened = attach(made.path("targetId").asString());
    opened.goTo(page);
    return opened;
  }

  boolean isOpen(ChromiumPage page) {
    return targets.containsKey(page.target());
  }

  String url(ChromiumPage page) {
    Target target = targets.get(page.target());
    return target == null ? "" : target.url();
  }

  private ChromiumPage attach(String target) {
    JsonNode attached =
        call(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true));
    return new ChromiumPage(this, target, attached.path("sessionId").asString());
  }

  /**
   * @param session null for the browser as a whole
   */
  JsonNode call(@Nullable String session, String method, Map<String, ?> parameters) {
    int id = last.incrementAndGet();
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("id", id);
    message.put("method", method);
    message.put("params", parameters);
    if (session != null) {
      message.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    synchronized (this) {
      var _ = socket.sendText(JSON.writeValueAsString(message), true).join();
    }
    return result(method, answer);
  }

  private static JsonNode result(String method, CompletableFuture<JsonNode> answer) {
    try {
      JsonNode got = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (got.has("error")) {
        throw new IllegalStateException(method + ": " + got.path("error"));
      }
      return got.path("result");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(method + " has no answer", e);
    }
  }

  private void heard(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> waiting = asked.remove(message.path("id").asInt());
      if (waiting != null) {
        waiting.complete(message);
      }
      return;
    }
    JsonNode parameters = message.path("params");
    switch (message.path("method").asString("")) {
      case "Target.targetCreated", "Target.targetInfoChanged" ->
          known(parameters.path("targetInfo"));
      case "Target.targetDestroyed" -> targets.remove(parameters.path("targetId").asString());
      default -> {}
    }
  }

  /** A window whose opener was cut off still counts as opened by it. */
  private void known(JsonNode info) {
    Target now =
        new Target(
            info.path("targetId").asString(),
            info.path("type").asString(),
            info.path("url").asString(),
            info.has("openerId") ? info.path("openerId").asString() : null);
    targets.merge(
        now.id(),
        now,
        (before, after) ->
            after.opener() != null
                ? after
                : new Target(after.id(), after.type(), after.url(), before.opener()));
  }

  private final class Answers implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean whole) {
      text.append(part);
      if (whole) {
        JsonNode message = JSON.readTree(text.toString());
        text.setLength(0);
        heard(message);
      }
      from.request(1);
      return null;
    }
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    process.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    all.add(process.toHandle());
    all.forEach(one -> one.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    Directories.delete(profile);
  }
}
