package dev.perennial.app.migration;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

/** Points in time as databases and APIs write them. Pure. */
final class Times {
  private static final DateTimeFormatter FORM =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][' ']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[' '][XXX][XX][X]")
          .toFormatter(Locale.ROOT);

  private Times() {}

  /** In UTC where no zone is given. */
  static Optional<Instant> instant(String text) {
    return instant(text, ZoneOffset.UTC);
  }

  /**
   * {@code 2026-03-01T12:00:00Z}, {@code 2026-03-01 12:00:00.5+00} and the like.
   *
   * @param zone where none is given
   */
  static Optional<Instant> instant(String text, ZoneId zone) {
    try {
      TemporalAccessor parsed =
          FORM.parseBest(text.strip(), OffsetDateTime::from, LocalDateTime::from);
      return Optional.of(
          parsed instanceof OffsetDateTime there
              ? there.toInstant()
              : LocalDateTime.from(parsed).atZone(zone).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
