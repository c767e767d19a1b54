package dev.perennial.app.console.count;

import dev.perennial.domain.credential.Status;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How many connections there are, at some moment. Immutable.
 *
 * @param takenAt when the counting began
 * @param of by integration
 */
public record Counts(Instant takenAt, Map<String, Count> of) {
  public Counts {
    of = Map.copyOf(of);
  }

  /**
   * Of one integration, or of several together.
   *
   * @param by status; 0 where a status is missing
   * @param valid whose token is good now
   * @param shouldBeValid that are neither deleted nor in want of a consent
   * @param minute due within a minute, overdue ones among them; the others likewise
   * @param overdue due time of the one that is due longest; null where none is
   */
  public record Count(
      Map<Status, Long> by,
      long valid,
      long shouldBeValid,
      long minute,
      long fiveMinutes,
      long hour,
      @Nullable Instant overdue) {
    /** Of none. */
    public static final Count NONE = new Count(Map.of(), 0, 0, 0, 0, 0, null);

    public Count {
      by = Map.copyOf(by);
    }

    public long of(Status status) {
      return by.getOrDefault(status, 0L);
    }

    /** All that are not deleted. */
    public long living() {
      return by.values().stream().mapToLong(Long::longValue).sum() - of(Status.DELETED);
    }

    Count plus(Count other) {
      Map<Status, Long> sum = new EnumMap<>(Status.class);
      for (Status status : Status.values()) {
        sum.put(status, of(status) + other.of(status));
      }
      return new Count(
          sum,
          valid + other.valid,
          shouldBeValid + other.shouldBeValid,
          minute + other.minute,
          fiveMinutes + other.fiveMinutes,
          hour + other.hour,
          earlier(overdue, other.overdue));
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
      return one == null || other != null && other.isBefore(one) ? other : one;
    }
  }

  /** Of these integrations together. */
  public Count sum(Predicate<String> integrations) {
    return of.entrySet().stream()
        .filter(it -> integrations.test(it.getKey()))
        .map(Map.Entry::getValue)
        .reduce(Count.NONE, Count::plus);
  }

  public Count of(String integration) {
    return of.getOrDefault(integration, Count.NONE);
  }
}
