package dev.perennial.app.console.change;

import dev.perennial.domain.credential.CredentialState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How much changed in each ten seconds of the last hour, by integration, and how much was left of a
 * token when it was renewed. Thread-safe.
 */
public final class Rates {
  /** What is counted together. */
  public static final Duration STEP = Duration.ofSeconds(10);

  /** What is kept. */
  public static final Duration KEPT = Duration.ofHours(1);

  /** More integrations than these are counted under one name that nobody sees. */
  private static final int MOST_INTEGRATIONS = 500;

  private static final String OTHERS = "";

  /** Upper bounds of what was left, in order; the first is for tokens that had ended. */
  public static final List<Duration> LEFT =
      List.of(
          Duration.ZERO,
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofHours(1));

  private final TreeMap<Long, Map<String, Cell>> steps = new TreeMap<>();
  private final Ends ends = new Ends();
  private @Nullable Instant first;

  /** The counts of one integration in one step. */
  private static final class Cell {
    int refreshed;
    int failed;
    int ended;
    final int[] left = new int[LEFT.size() + 1];
  }

  /**
   * Counts of some steps together.
   *
   * @param failed refreshes that are tried again
   * @param ended where only a new consent helps
   * @param left refreshes by what was left of the old token, one more than {@link #LEFT}; less than
   *     {@code refreshed} in sum, where the old token was not seen
   */
  public record Sum(long refreshed, long failed, long ended, List<Long> left) {}

  synchronized void add(CredentialState state) {
    Instant before = ends.swap(state.key(), state.expiresAt());
    first = first == null || state.changedAt().isBefore(first) ? state.changedAt() : first;
    Cell cell = cell(state);
    switch (state.change()) {
      case REFRESHED -> {
        cell.refreshed++;
        if (before != null && state.issuedAt() != null) {
          cell.left[bin(Duration.between(state.issuedAt(), before))]++;
        }
      }
      case REFRESH_FAILED -> cell.failed++;
      case REAUTHORIZATION_REQUIRED, EXPIRED -> cell.ended++;
      case CONNECTED, EXPIRING, RESEALED, DELETED -> {}
    }
  }

  private static int bin(Duration left) {
    int bin = 0;
    while (bin < LEFT.size() && left.compareTo(LEFT.get(bin)) > 0) {
      bin++;
    }
    return bin;
  }

  private Cell cell(CredentialState state) {
    Map<String, Cell> step = steps.computeIfAbsent(step(state.changedAt()), _ -> new HashMap<>());
    while (steps.size() > KEPT.dividedBy(STEP) + 1) {
      steps.pollFirstEntry();
    }
    String integration = state.key().integration();
    boolean room = step.size() < MOST_INTEGRATIONS || step.containsKey(integration);
    return step.computeIfAbsent(room ? integration : OTHERS, _ -> new Cell());
  }

  private static long step(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), STEP.toSeconds());
  }

  /** The oldest change that was counted; null where there is none. */
  public synchronized @Nullable Instant since() {
    return first;
  }

  /** Of the time from the one to the other, in whole steps. */
  public synchronized Sum sum(Instant from, Instant to, Predicate<String> integrations) {
    long refreshed = 0;
    long failed = 0;
    long ended = 0;
    long[] left = new long[LEFT.size() + 1];
    for (Map<String, Cell> step : steps.subMap(step(from), true, step(to), false).values()) {
      for (Map.Entry<String, Cell> entry : step.entrySet()) {
        if (!entry.getKey().equals(OTHERS) && integrations.test(entry.getKey())) {
          Cell cell = entry.getValue();
          refreshed += cell.refreshed;
          failed += cell.failed;
          ended += cell.ended;
          Arrays.setAll(left, i -> left[i] + cell.left[i]);
        }
      }
    }
    return new Sum(refreshed, failed, ended, Arrays.stream(left).boxed().toList());
  }

  /** The same for each of so many equal spans that end at a time, the oldest first. */
  public List<Sum> sums(Instant end, Duration span, int count, Predicate<String> integrations) {
    List<Sum> sums = new ArrayList<>(count);
    for (int i = count; i > 0; i--) {
      Instant from = end.minus(span.multipliedBy(i));
      sums.add(sum(from, from.plus(span), integrations));
    }
    return sums;
  }
}
