package dev.perennial.app.console;

import dev.perennial.app.console.change.Rates;
import dev.perennial.app.console.change.RecentChanges;
import dev.perennial.app.console.page.Bars;
import dev.perennial.app.console.page.Words;
import dev.perennial.app.console.session.Session;
import dev.perennial.domain.credential.Census;
import dev.perennial.domain.credential.Status;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How all of it stands. */
final class OverviewPage {
  private static final Duration BAR = Duration.ofMinutes(1);
  private static final int BARS = 60;
  private static final int RECENT = 8;

  private final Pages pages;
  private final ConsolePorts ports;

  OverviewPage(Pages pages, ConsolePorts ports) {
    this.pages = pages;
    this.ports = ports;
  }

  Reply show(ServerRequest request, Session session) {
    Instant now = ports.clock().instant();
    Predicate<String> seen = session.caller()::sees;
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    Optional<Census> counts = ports.censuses().latest();
    model.put("now", now.toString());
    model.put("counts", counts.map(it -> counts(it, seen, now)).orElse(null));
    model.putAll(rates(seen, now));
    RecentChanges changes = ports.memory().changes();
    model.put("following", changes.isReady());
    model.put("reachable", ports.memory().isReachable());
    model.put(
        "recent",
        changes.newest(RECENT, it -> seen.test(it.key().integration())).stream()
            .map(it -> Rows.of(it, now))
            .toList());
    return pages.show("overview", session, model);
  }

  private static Map<String, @Nullable Object> counts(
      Census counts, Predicate<String> seen, Instant now) {
    Census.Count all = Standing.sum(counts, seen);
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    model.put("taken", Words.time(counts.takenAt(), now));
    model.put("headline", headline(all));
    model.put("living", Words.count(Standing.living(all)));
    model.put("tiles", tiles(all));
    model.put("valid", share(all.valid(), all.expected()));
    model.put("minute", Words.count(all.dueIn1m()));
    model.put("fiveMinutes", Words.count(all.dueIn5m()));
    model.put("hour", Words.count(all.dueIn1h()));
    model.put("overdue", Words.time(all.oldestDue(), now));
    return model;
  }

  /** The one sentence that matters most. */
  private static String headline(Census.Count all) {
    long lost =
        Standing.of(all, Status.REAUTHORIZATION_REQUIRED) + Standing.of(all, Status.EXPIRED);
    if (Standing.living(all) == 0) {
      return "No connections yet.";
    }
    if (lost > 0) {
      return connections(lost) + (lost == 1 ? " needs" : " need") + " a new consent.";
    }
    if (Standing.of(all, Status.REFRESH_FAILING) > 0) {
      return "Refreshes of " + connections(Standing.of(all, Status.REFRESH_FAILING)) + " fail.";
    }
    return Standing.living(all) == 1
        ? "The one connection is well."
        : "All " + connections(Standing.living(all)) + " are well.";
  }

  private static String connections(long count) {
    return Words.count(count) + (count == 1 ? " connection" : " connections");
  }

  private static List<Map<String, Object>> tiles(Census.Count all) {
    List<Map<String, Object>> tiles = new ArrayList<>();
    double x = 0;
    for (Status status :
        List.of(
            Status.ACTIVE,
            Status.REFRESH_FAILING,
            Status.REAUTHORIZATION_REQUIRED,
            Status.EXPIRED)) {
      long count = Standing.of(all, status);
      double width = Standing.living(all) == 0 ? 0 : 1000.0 * count / Standing.living(all);
      Map<String, Object> tile = new LinkedHashMap<>();
      tile.put("name", Rows.name(status));
      tile.put("status", status.text());
      tile.put("tone", count == 0 ? "none" : Rows.tone(status));
      tile.put("count", Words.count(count));
      tile.put("x", Math.round(x));
      tile.put("width", count == 0 ? 0 : Math.max(4, Math.round(width)));
      tiles.add(tile);
      x += width;
    }
    return tiles;
  }

  /** Cut, not rounded: 100 % is said of all and of nothing less. */
  private static String share(long part, long whole) {
    return whole == 0
        ? "–"
        : String.format(Locale.ROOT, "%.2f", Math.floor(10_000.0 * part / whole) / 100)
                .replaceFirst("\\.?0+$", "")
            + " %";
  }

  private Map<String, @Nullable Object> rates(Predicate<String> seen, Instant now) {
    Rates rates = ports.memory().rates();
    // The step that runs is not whole yet.
    Instant end =
        Instant.ofEpochSecond(
            now.getEpochSecond() / Rates.STEP.toSeconds() * Rates.STEP.toSeconds());
    Rates.Sum minute = rates.sum(end.minus(BAR), end, seen);
    Rates.Sum hour = rates.sum(now.minus(Rates.KEPT), now.plus(Rates.STEP), seen);
    long measured = hour.left().stream().mapToLong(Long::longValue).sum();
    Instant since = rates.since();
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    model.put("rate", Words.rate((double) minute.refreshed() / BAR.toSeconds()));
    model.put("failures", Words.count(hour.failed() + hour.ended()));
    model.put("refreshed", Words.count(hour.refreshed()));
    model.put("plot", Bars.stacked(rates.sums(end, BAR, BARS, seen), BAR));
    model.put("left", Bars.left(hour.left()));
    model.put("measured", Words.count(measured));
    model.put("late", Words.count(hour.left().getFirst()));
    model.put("unmeasured", Words.count(hour.refreshed() - measured));
    model.put(
        "since",
        since != null && since.isAfter(now.minus(Rates.KEPT)) ? Words.time(since, now) : null);
    return model;
  }
}
