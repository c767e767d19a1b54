package dev.perennial.app.console.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers and times as people read them; the script of the page says them the same way. */
public final class Words {
  private static final DateTimeFormatter FULL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Words() {}

  /** E.g. {@code 12,840}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** E.g. {@code 3.4} or {@code 120}. */
  public static String rate(double perSecond) {
    String form = perSecond >= 100 ? "%.0f" : perSecond >= 10 ? "%.1f" : "%.2f";
    return perSecond == 0 ? "0" : String.format(Locale.ROOT, form, perSecond);
  }

  /** The two largest units, e.g. {@code 4 min 12 s}; the sign is left out. */
  public static String span(Duration span) {
    long seconds = Math.abs(span.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return two(seconds / 60, "min", seconds % 60, "s");
    }
    if (seconds < 86_400) {
      return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
    }
    return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
  }

  private static String two(long large, String unit, long small, String part) {
    return large
        + " "
        + unit
        + (small == 0 || (large >= 10 && part.equals("h")) ? "" : " " + small + " " + part);
  }

  /** E.g. {@code in 4 min 12 s}, {@code 3 h ago}. */
  public static String relative(Instant at, Instant now) {
    Duration span = Duration.between(now, at);
    if (span.abs().toSeconds() < 1) {
      return "now";
    }
    return span.isNegative() ? span(span) + " ago" : "in " + span(span);
  }

  /** For the template: as text, for machines, in full. Null for no time. */
  public static @Nullable Map<String, Object> time(@Nullable Instant at, Instant now) {
    if (at == null) {
      return null;
    }
    Map<String, Object> time = new LinkedHashMap<>();
    time.put("iso", at.toString());
    time.put("full", FULL.format(at));
    time.put("clock", CLOCK.format(at));
    time.put("text", relative(at, now));
    time.put("past", at.isBefore(now));
    return time;
  }
}
