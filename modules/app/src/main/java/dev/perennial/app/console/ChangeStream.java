package dev.perennial.app.console;

import dev.perennial.app.console.change.RecentChanges;
import dev.perennial.app.console.change.SeenChange;
import dev.perennial.app.console.session.Session;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Changes as server-sent events (HTML Living Standard, section 9.2): {@code change} for each,
 * {@code gap} where some are not kept any more. Goes on behind {@code Last-Event-ID}. Whoever
 * listens reads the memory itself, so nobody who is slow costs more than a thread; who is looked at
 * anew with each heartbeat. Thread-safe.
 */
final class ChangeStream {
  /** At a time, in one process. */
  static final int MOST = 200;

  static final String PATH = ConsoleRoutes.PATH + "/changes";

  static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final int AT_ONCE = 200;
  private static final Pattern MARK = Pattern.compile("([0-9a-z]{1,12})-([0-9]{1,18})");

  /** Where somebody was in the changes of another process. */
  private static final long ELSEWHERE = -1;

  private final RecentChanges changes;
  private final Doorman doorman;
  private final String epoch;
  private final Semaphore places = new Semaphore(MOST);

  /**
   * @param began tells the numbers of this process from those of the one before it
   */
  ChangeStream(RecentChanges changes, Doorman doorman, Instant began) {
    this.changes = changes;
    this.doorman = doorman;
    this.epoch = Long.toString(began.toEpochMilli(), 36);
  }

  /** How a place in the changes is told to browsers. */
  String mark(long number) {
    return epoch + "-" + number;
  }

  Reply follow(ServerRequest request, Session session) {
    if (!places.tryAcquire()) {
      return Reply.plain(503, "As many as may listen do so.\n").with("Retry-After", "10");
    }
    long from = from(request);
    Optional<String> only = request.query().first("connection").asOptional();
    Listener listener = new Listener(request, session.id(), from, which(only));
    return Reply.events(listener::run);
  }

  private long from(ServerRequest request) {
    List<String> shown = request.headers().values(HeaderNames.create("Last-Event-ID"));
    String text = shown.isEmpty() ? request.query().first("from").orElse("") : shown.getFirst();
    Matcher mark = MARK.matcher(text);
    if (!mark.matches()) {
      return changes.last();
    }
    return epoch.equals(mark.group(1)) ? Long.parseLong(String.valueOf(mark.group(2))) : ELSEWHERE;
  }

  private static Predicate<SeenChange> which(Optional<String> only) {
    try {
      Optional<ConnectionKey> key = only.map(ConnectionKey::parse);
      return change -> key.map(change.key()::equals).orElse(true);
    } catch (IllegalArgumentException _) {
      return _ -> false;
    }
  }

  private final class Listener {
    private final ServerRequest request;
    private final Secret session;
    private final Predicate<SeenChange> which;
    private long at;

    Listener(ServerRequest request, Secret session, long from, Predicate<SeenChange> which) {
      this.request = request;
      this.session = session;
      this.at = from;
      this.which = which;
    }

    void run(OutputStream out) throws IOException {
      try {
        say(out, "retry: 2000\n\n");
        if (at == ELSEWHERE) {
          at = changes.last();
          say(out, gap());
        }
        boolean open = true;
        while (open) {
          open = round(out);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } finally {
        places.release();
      }
    }

    /** Whether there may be more. */
    private boolean round(OutputStream out) throws IOException, InterruptedException {
      RecentChanges.News news = changes.after(at, AT_ONCE, HEARTBEAT);
      Optional<Session> who = doorman.session(request).filter(it -> it.id().equals(session));
      if (news.closed() || who.isEmpty()) {
        return false;
      }
      StringBuilder text = new StringBuilder();
      if (news.lost()) {
        text.append(gap());
      }
      for (SeenChange change : news.changes()) {
        at = change.number();
        if (which.test(change) && who.get().caller().sees(change.key().integration())) {
          text.append("id: ").append(mark(at)).append("\nevent: change\ndata: ");
          text.append(JsonMapper.shared().writeValueAsString(json(change))).append("\n\n");
        }
      }
      say(out, text.isEmpty() ? ": here\n\n" : text.toString());
      return true;
    }

    private String gap() {
      return "id: " + mark(at) + "\nevent: gap\ndata: {}\n\n";
    }

    private void say(OutputStream out, String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  private static Map<String, @Nullable Object> json(SeenChange change) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("number", change.number());
    json.put("integration", change.key().integration());
    json.put("connection", change.key().connection());
    json.put("address", Rows.address(change.key()));
    json.put("change", Rows.name(change.change()));
    json.put("tone", Rows.tone(change.change()));
    json.put("reason", Rows.reason(change.reason()));
    json.put("version", change.version());
    json.put("at", change.at().toString());
    json.put("expires", change.expiresAt() == null ? null : change.expiresAt().toString());
    return json;
  }
}
