package dev.perennial.app.console;

import dev.perennial.app.console.change.Rates;
import dev.perennial.app.console.page.Words;
import dev.perennial.app.console.session.Session;
import dev.perennial.domain.credential.Census;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Lifetime;
import dev.perennial.domain.definition.RateLimit;
import dev.perennial.domain.definition.ReuseWindow;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The integrations that there are definitions of: how they fare, and what they are held to. */
final class IntegrationsPage {
  private final Pages pages;
  private final ConsolePorts ports;

  IntegrationsPage(Pages pages, ConsolePorts ports) {
    this.pages = pages;
    this.ports = ports;
  }

  Reply show(ServerRequest request, Session session) {
    Instant now = ports.clock().instant();
    List<Integration> all = ports.calls().integrations(session.caller());
    Optional<Census> counts = ports.censuses().latest();
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    Pool pool = new Pool(ports.exchangers().get());
    model.put("now", now.toString());
    model.put("exchangers", pool.count());
    model.put("heard", !pool.exchangers().isEmpty());
    model.put(
        "ready",
        all.stream()
            .filter(it -> it.missingVariables().isEmpty())
            .sorted(Comparator.comparing(Integration::slug))
            .map(it -> one(it, counts, pool, now))
            .toList());
    model.put("begun", missing(all, true));
    model.put("untouched", missing(all, false));
    model.put("counted", counts.isPresent());
    return pages.show("integrations", session, model);
  }

  private static List<Map<String, Object>> missing(List<Integration> all, boolean begun) {
    return all.stream()
        .filter(it -> !it.missingVariables().isEmpty() && it.isSetUp() == begun)
        .map(it -> Map.<String, Object>of("slug", it.slug(), "missing", it.missingVariables()))
        .toList();
  }

  private Map<String, @Nullable Object> one(
      Integration integration, Optional<Census> counts, Pool pool, Instant now) {
    Rates.Sum hour =
        ports
            .memory()
            .rates()
            .sum(now.minus(Rates.KEPT), now.plus(Rates.STEP), integration.slug()::equals);
    Map<String, @Nullable Object> model = new LinkedHashMap<>();
    model.put("slug", integration.slug());
    model.put(
        "counts",
        counts.map(it -> counts(Standing.sum(it, integration.slug()::equals))).orElse(null));
    model.put("health", health(hour));
    model.put("refreshes", integration.refreshable());
    model.put("pool", pool.of(integration.slug()));
    model.put("refreshed", Words.count(hour.refreshed()));
    model.put("failed", Words.count(hour.failed()));
    model.put("ended", Words.count(hour.ended()));
    model.put("facts", facts(integration));
    return model;
  }

  private static List<Map<String, Object>> counts(Census.Count count) {
    List<Map<String, Object>> counts = new ArrayList<>();
    for (Status status : Status.values()) {
      if (status == Status.ACTIVE || (status != Status.DELETED && Standing.of(count, status) > 0)) {
        counts.add(
            Map.of(
                "name", Rows.name(status),
                "status", status.text(),
                "tone", Standing.of(count, status) == 0 ? "none" : Rows.tone(status),
                "count", Words.count(Standing.of(count, status))));
      }
    }
    return counts;
  }

  /** From what the topic tells of the last hour: all that this process can know for sure. */
  private static Map<String, String> health(Rates.Sum hour) {
    long bad = hour.failed() + hour.ended();
    long all = bad + hour.refreshed();
    if (all == 0) {
      return Map.of("tone", "none", "text", "no refreshes in the last hour");
    }
    if (bad == 0) {
      return Map.of("tone", "good", "text", "every refresh of the last hour went well");
    }
    String share = Words.count(bad) + " of " + Words.count(all) + " refreshes failed";
    return Map.of("tone", bad * 2 > all ? "stop" : "wait", "text", share);
  }

  private static List<Map<String, String>> facts(Integration it) {
    List<Map<String, String>> facts = new ArrayList<>();
    Lifetime life = it.lifetime();
    fact(facts, "consent", it.hasConsent() ? "in a browser" : "without a browser");
    fact(facts, "PKCE", it.pkce() ? "S256" : "no");
    fact(facts, "refresh", it.refreshable() ? "yes" : "none: tokens are permanent");
    fact(facts, "token life unless the answer says it", said(life.accessToken()));
    fact(facts, "refresh token idle life", said(life.refreshToken()));
    fact(facts, "grant life", said(life.grant()));
    fact(facts, "refreshes only before the end, by", said(life.refreshWindow()));
    fact(facts, "refresh token may be sent again", reuse(life.reuseWindow()));
    fact(facts, "rate limit", it.limit().map(IntegrationsPage::limit).orElse(""));
    fact(facts, "DPoP", it.dpop() ? "yes" : "");
    fact(facts, "revocation", it.revokes() ? "yes" : "the provider has none");
    fact(
        facts,
        "follow-up requests",
        count(
            it.followUps(Integration.Phase.TOKEN).size()
                + it.followUps(Integration.Phase.REFRESH).size()));
    return facts;
  }

  private static String count(int number) {
    return number == 0 ? "" : Integer.toString(number);
  }

  private static void fact(List<Map<String, String>> facts, String name, String value) {
    if (!value.isEmpty()) {
      facts.add(Map.of("name", name, "value", value));
    }
  }

  private static String said(@Nullable Duration life) {
    return life == null ? "" : Words.span(life);
  }

  private static String reuse(ReuseWindow window) {
    if (window.always()) {
      return "always";
    }
    return window.length().isZero() ? "never" : "for " + Words.span(window.length());
  }

  private static String limit(RateLimit limit) {
    return limit.requests()
        + " in "
        + Words.span(limit.window())
        + (limit.perConnection() ? ", for each connection" : ", for all connections together");
  }
}
