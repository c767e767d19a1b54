package dev.perennial.domain.credential;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One count of all connections. It is taken while work goes on, so each connection is counted as it
 * stood at some moment of the count; one may be counted twice while the store reorganizes itself.
 * Immutable.
 *
 * @param takenAt when the count ended, by the clock of whoever counted
 * @param took how long it took
 * @param integrations by slug, ordered; what no loaded definition names is under {@link #OTHER}
 */
public record Census(Instant takenAt, Duration took, Map<String, Count> integrations) {

  /** Stands for all integrations without a loaded definition, and for one whose slug it is. */
  public static final String OTHER = "other";

  public Census {
    integrations = Collections.unmodifiableMap(new TreeMap<>(integrations));
  }

  /** All integrations together. */
  public Count total() {
    return integrations.values().stream().reduce(Count.NONE, Count::plus);
  }

  /**
   * The connections of one integration.
   *
   * @param connections by status; a status without any is not there
   * @param expected how many should have a valid access token: those that are active or failing,
   *     and those whose grant was lost by an outcome that stayed unknown
   * @param valid how many of those have one, unexpired or permanent
   * @param overdue whose time to be looked at is over
   * @param dueIn1m due within the next minute, overdue ones among them
   * @param dueIn5m due within the next five minutes, overdue ones among them
   * @param dueIn1h due within the next hour, overdue ones among them
   * @param oldestDue the earliest time of the overdue ones; null where there is none
   */
  public record Count(
      Map<Status, Long> connections,
      long expected,
      long valid,
      long overdue,
      long dueIn1m,
      long dueIn5m,
      long dueIn1h,
      @Nullable Instant oldestDue) {

    public static final Count NONE = new Count(Map.of(), 0, 0, 0, 0, 0, 0, null);

    // Not the compact form: javac then loses the type annotation.
    public Count(
        Map<Status, Long> connections,
        long expected,
        long valid,
        long overdue,
        long dueIn1m,
        long dueIn5m,
        long dueIn1h,
        @Nullable Instant oldestDue) {
      Map<Status, Long> copy = new EnumMap<>(Status.class);
      copy.putAll(connections);
      this.connections = Collections.unmodifiableMap(copy);
      this.expected = expected;
      this.valid = valid;
      this.overdue = overdue;
      this.dueIn1m = dueIn1m;
      this.dueIn5m = dueIn5m;
      this.dueIn1h = dueIn1h;
      this.oldestDue = oldestDue;
    }

    /** How many have this status. */
    public long of(Status status) {
      return connections.getOrDefault(status, 0L);
    }

    /** All of them, deleted ones too. */
    public long all() {
      return connections.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Both together. */
    public Count plus(Count other) {
      Map<Status, Long> sum = new EnumMap<>(Status.class);
      sum.putAll(connections);
      other.connections.forEach((status, count) -> sum.merge(status, count, Long::sum));
      return new Count(
          sum,
          expected + other.expected,
          valid + other.valid,
          overdue + other.overdue,
          dueIn1m + other.dueIn1m,
          dueIn5m + other.dueIn5m,
          dueIn1h + other.dueIn1h,
          earlier(oldestDue, other.oldestDue));
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant two) {
      if (one == null || two == null) {
        return one == null ? two : one;
      }
      return one.isBefore(two) ? one : two;
    }
  }
}
