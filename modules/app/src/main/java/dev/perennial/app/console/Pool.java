package dev.perennial.app.console;

import dev.perennial.app.console.page.Words;
import dev.perennial.credentials.ExchangerReport;
import dev.perennial.credentials.ExchangerReport.Breaker;
import dev.perennial.credentials.ExchangerReport.Standing;
import java.util.List;
import java.util.Map;

/** What the exchangers that were heard of lately say of one integration, taken together. */
record Pool(List<ExchangerReport> exchangers) {

  /** Empty where none was heard of. */
  Map<String, String> of(String slug) {
    if (exchangers.isEmpty()) {
      return Map.of();
    }
    return Map.of("tone", tone(slug), "breaker", breaker(slug), "places", places(slug));
  }

  String count() {
    return exchangers.size() == 1 ? "1 exchanger" : Words.count(exchangers.size()) + " exchangers";
  }

  private String tone(String slug) {
    return count(slug, Breaker.OPEN) > 0
        ? "stop"
        : count(slug, Breaker.HALF_OPEN) > 0 ? "wait" : "none";
  }

  private String breaker(String slug) {
    long open = count(slug, Breaker.OPEN);
    long half = count(slug, Breaker.HALF_OPEN);
    if (open + half == 0) {
      return "closed";
    }
    String state = open > 0 ? "open" : "half open";
    return exchangers.size() == 1
        ? state
        : state + " in " + (open > 0 ? open : half) + " of " + exchangers.size();
  }

  private long count(String slug, Breaker breaker) {
    return exchangers.stream().filter(it -> standing(it, slug).breaker() == breaker).count();
  }

  private String places(String slug) {
    long taken = exchangers.stream().mapToLong(it -> standing(it, slug).inFlight()).sum();
    long all = exchangers.stream().mapToLong(ExchangerReport::places).sum();
    return Words.count(taken) + " of " + Words.count(all);
  }

  private static Standing standing(ExchangerReport report, String slug) {
    return report.integrations().getOrDefault(slug, Standing.QUIET);
  }
}
