package dev.perennial.exchanger;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/** RFC 9110 section 10.2.3: seconds or an HTTP date. */
final class RetryAfter {
  /** A provider that says more than this is asked once a day all the same. */
  static final Duration MOST = Duration.ofHours(24);

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private RetryAfter() {}

  /**
   * @return 0 to 24 h; null where there is none that can be read
   */
  static @Nullable Duration read(@Nullable String header, Instant now) {
    if (header == null) {
      return null;
    }
    String text = header.strip();
    Duration wait =
        SECONDS.matcher(text).matches()
            ? Duration.ofSeconds(Integer.parseInt(text))
            : until(text, now);
    return wait != null && wait.compareTo(MOST) > 0 ? MOST : wait;
  }

  private static @Nullable Duration until(String date, Instant now) {
    Instant at = DateUtils.parseStandardDate(date);
    if (at == null) {
      return null;
    }
    return at.isBefore(now) ? Duration.ZERO : Duration.between(now, at);
  }
}
