package dev.perennial.credentials;

import dev.perennial.domain.credential.Census.Count;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A count of one integration's connections as it grows. Not thread-safe. */
final class Tally {
  /** What is read of each connection, in this order. */
  static final String[] FIELDS = {"status", "reason", "expires_at", "due_at"};

  private final Map<Status, Long> connections = new EnumMap<>(Status.class);
  private long expected;
  private long valid;
  private long overdue;
  private long dueIn1m;
  private long dueIn5m;
  private long dueIn1h;
  private @Nullable Instant oldestDue;

  /**
   * Counts one.
   *
   * @param fields the values of {@link #FIELDS}
   */
  void add(List<@Nullable String> fields, Instant now) {
    String status = fields.get(0);
    if (status == null) {
      return; // gone between the scan and the look
    }
    Status stands = Status.of(status);
    connections.merge(stands, 1L, Long::sum);
    if (isExpected(stands, fields.get(1))) {
      expected++;
      Instant end = instant(fields.get(2));
      valid += end == null || end.isAfter(now) ? 1 : 0;
    }
    Instant due = instant(fields.get(3));
    if (due != null) {
      addDue(due, now);
    }
  }

  /** A user's or a provider's no is nothing that refreshing could have prevented. */
  private static boolean isExpected(Status status, @Nullable String reason) {
    return switch (status) {
      case ACTIVE, REFRESH_FAILING -> true;
      case REAUTHORIZATION_REQUIRED -> Reason.OUTCOME_UNKNOWN.equals(reason);
      case EXPIRED, DELETED -> false;
    };
  }

  private void addDue(Instant due, Instant now) {
    Duration left = Duration.between(now, due);
    dueIn1h += left.compareTo(Duration.ofHours(1)) <= 0 ? 1 : 0;
    dueIn5m += left.compareTo(Duration.ofMinutes(5)) <= 0 ? 1 : 0;
    dueIn1m += left.compareTo(Duration.ofMinutes(1)) <= 0 ? 1 : 0;
    if (!due.isAfter(now)) {
      overdue++;
      oldestDue = oldestDue == null || due.isBefore(oldestDue) ? due : oldestDue;
    }
  }

  private static @Nullable Instant instant(@Nullable String millis) {
    return millis == null ? null : Instant.ofEpochMilli(Long.parseLong(millis));
  }

  Count count() {
    return new Count(connections, expected, valid, overdue, dueIn1m, dueIn5m, dueIn1h, oldestDue);
  }
}
