package dev.perennial.credentials;

import dev.perennial.credentials.ExchangerReport.Breaker;
import dev.perennial.credentials.ExchangerReport.Standing;
import dev.perennial.domain.Shards;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the exchangers stand, as each of them says again and again in one field of a hash; one that
 * was not heard of for {@link #KEEP} is taken for gone, and the hash goes with the last of them.
 * Nothing depends on it: it is for people to look at. Thread-safe.
 *
 * <p>A field is {@code seen since places slug=breaker:in-flight,…}, times in Unix milliseconds.
 */
public final class RedisExchangerReports {
  /** How long an exchanger counts after it was heard of. */
  public static final Duration KEEP = Duration.ofSeconds(15);

  /** Integrations that are said of one exchanger. */
  public static final int MOST = 500;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,15}");
  private static final Pattern SLUG = Pattern.compile("[a-z0-9-]{1,63}");

  private final Announcements announcements;

  public RedisExchangerReports(RedisConnections redis, Shards shards) {
    String hash = new Keys(redis.settings().prefix(), shards).exchangers();
    this.announcements = new Announcements(redis, hash, KEEP);
  }

  /** Says how an exchanger stands. */
  public void say(ExchangerReport report) {
    String what =
        new TreeMap<>(report.integrations())
            .entrySet().stream()
                .limit(MOST)
                .map(it -> it.getKey() + "=" + text(it.getValue()))
                .collect(Collectors.joining(","));
    announcements.say(report.process(), report.places() + " " + what);
  }

  private static String text(Standing standing) {
    return standing.breaker().text() + ":" + standing.inFlight();
  }

  /** Says that an exchanger has ended. */
  public void leave(String process) {
    announcements.leave(process);
  }

  /** Who was heard of lately, by name. */
  public List<ExchangerReport> known() {
    return announcements.known().said().entrySet().stream()
        .flatMap(it -> read(it.getKey(), it.getValue().what()).stream())
        .toList();
  }

  /** Empty where it is of a form that we do not know. */
  private static Optional<ExchangerReport> read(String process, String what) {
    String[] parts = what.split(" ", 2);
    return parts.length == 2 && isNumber(parts[0])
        ? Optional.of(
            new ExchangerReport(process, (int) Long.parseLong(parts[0]), integrations(parts[1])))
        : Optional.empty();
  }

  private static boolean isNumber(String text) {
    return NUMBER.matcher(text).matches();
  }

  private static Map<String, Standing> integrations(String text) {
    Map<String, Standing> integrations = new TreeMap<>();
    for (String one : Stream.of(text.split(",", MOST + 1)).limit(MOST).toList()) {
      String[] parts = one.split("[=:]", 4);
      if (parts.length == 3 && SLUG.matcher(parts[0]).matches() && isNumber(parts[2])) {
        Breaker.find(parts[1])
            .ifPresent(breaker ->
                integrations.put(parts[0], new Standing(breaker, (int) Long.parseLong(parts[2]))));
      }
    }
    return integrations;
  }
}
