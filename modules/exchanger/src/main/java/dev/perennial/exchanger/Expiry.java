package dev.perennial.exchanger;

import dev.perennial.domain.definition.Lifetime;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When an access token ends. A number, as such or as text, is seconds from the request below 1e9,
 * Unix seconds below 1e11, else Unix milliseconds, unless the definition gives the unit; text may
 * also be ISO 8601 (without an offset: UTC) or D:HH:MM from the request. Null, zero, less and what
 * is none of these count as not given. Pure.
 */
final class Expiry {
  /** What lives longer than this is permanent, whatever the number meant. */
  private static final Duration FOREVER = Duration.ofDays(36_525);

  private static final double UNIX_SECONDS = 1e9;
  private static final double UNIX_MILLIS = 1e11;
  private static final double LATEST_MILLIS = 1e15;

  private static final Pattern DAYS = Pattern.compile("\\d{1,5}:\\d{1,2}:\\d{1,2}");
  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,20}(\\.\\d{1,20})?");
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter(Locale.ROOT);

  private Expiry() {}

  /**
   * What this answer says; else what the definition assumes; else, where an earlier answer gave the
   * life as a length, that length again, since what is not sent again stays; else permanent.
   *
   * @param answer as it came
   * @param merged the answer over the earlier one; null where no earlier one counts
   * @param issuedAt when the request was sent
   * @return null = permanent
   */
  static @Nullable Instant read(
      Shaped answer, @Nullable Shaped merged, Lifetime lifetime, Instant issuedAt) {
    Instant end = answer.expiry(issuedAt);
    if (end == null && lifetime.accessToken() != null) {
      end = issuedAt.plus(lifetime.accessToken());
    }
    if (end == null && merged != null) {
      end = earlierLength(merged, issuedAt);
    }
    return bounded(end, issuedAt);
  }

  /** Null where the end is too far away to matter. */
  static @Nullable Instant bounded(@Nullable Instant end, Instant issuedAt) {
    return end == null || Duration.between(issuedAt, end).compareTo(FOREVER) > 0 ? null : end;
  }

  /**
   * The first usable one.
   *
   * @param milliseconds whether a number is milliseconds from the request
   * @return null where there is none
   */
  static @Nullable Instant stated(
      @Nullable Object base, List<List<String>> paths, boolean milliseconds, Instant issuedAt) {
    for (List<String> path : paths) {
      Instant end = at(Paths.at(base, path), milliseconds, issuedAt);
      if (end != null) {
        return end;
      }
    }
    return null;
  }

  private static @Nullable Instant earlierLength(Shaped merged, Instant issuedAt) {
    boolean milliseconds = merged.shape().expiryInMilliseconds();
    for (List<String> path : merged.shape().expiry()) {
      Double number = number(Paths.at(merged.base(), path));
      if (number != null && (milliseconds || number < UNIX_SECONDS)) {
        return fromNumber(number, milliseconds, issuedAt);
      }
    }
    return null;
  }

  private static @Nullable Instant at(
      @Nullable Object value, boolean milliseconds, Instant issuedAt) {
    Double number = number(value);
    if (number != null) {
      return fromNumber(number, milliseconds, issuedAt);
    }
    return value instanceof String text ? fromText(text.strip(), issuedAt) : null;
  }

  private static @Nullable Double number(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return value instanceof String text && NUMBER.matcher(text.strip()).matches()
        ? new BigDecimal(text.strip()).doubleValue()
        : null;
  }

  private static @Nullable Instant fromNumber(
      double number, boolean milliseconds, Instant issuedAt) {
    if (!(number > 0)) {
      return null;
    }
    if (milliseconds) {
      return issuedAt.plusMillis((long) Math.min(number, LATEST_MILLIS));
    }
    if (number < UNIX_SECONDS) {
      return issuedAt.plusMillis((long) (number * 1000));
    }
    double millis = number < UNIX_MILLIS ? number * 1000 : number;
    return Instant.ofEpochMilli((long) Math.min(millis, LATEST_MILLIS));
  }

  private static @Nullable Instant fromText(String text, Instant issuedAt) {
    if (DAYS.matcher(text).matches()) {
      Duration life = daysHoursMinutes(text.split(":", -1));
      return life.isZero() ? null : issuedAt.plus(life);
    }
    try {
      return instant(ISO.parseBest(text, OffsetDateTime::from, LocalDateTime::from));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Duration daysHoursMinutes(String[] parts) {
    return Duration.ofDays(Long.parseLong(parts[0]))
        .plusHours(Long.parseLong(parts[1]))
        .plusMinutes(Long.parseLong(parts[2]));
  }

  private static Instant instant(TemporalAccessor parsed) {
    return parsed instanceof OffsetDateTime there
        ? there.toInstant()
        : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
  }
}
